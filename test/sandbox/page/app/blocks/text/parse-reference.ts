import type { RichTextSectionElement } from 'slack-blocks-to-jsx';
import { unescapeText } from '../../../../../support/slack/rewriting.ts';
import type { Style } from './style.ts';

const RANGES = ['here', 'channel', 'everyone'] as const;

/** What stands between angle brackets: a mention, a date, a link. Undefined where it is none of these. */
export function parseReference(reference: string, style: Style): RichTextSectionElement[] | undefined {
  const [target = '', ...rest] = reference.split('|');
  const label = rest.length === 0 ? undefined : unescapeText(rest.join('|'));
  const found = READERS.map((read) => read(target, label, style)).find((element) => element !== undefined);
  return found && [found];
}

type Reader = (target: string, label: string | undefined, style: Style) => RichTextSectionElement | undefined;

const user: Reader = (target, _, style) => {
  const id = /^@(\w+)$/.exec(target)?.[1];
  return id === undefined ? undefined : { type: 'user', user_id: id, style: { ...(style.bold ? { bold: true } : {}) } };
};

const channel: Reader = (target) => {
  const id = /^#(\w+)$/.exec(target)?.[1];
  return id === undefined ? undefined : { type: 'channel', channel_id: id };
};

const group: Reader = (target, label) => {
  const id = /^!subteam\^(\w+)$/.exec(target)?.[1];
  if (id === undefined) return undefined;
  return label === undefined ? { type: 'usergroup', usergroup_id: id } : { type: 'text', text: label };
};

const broadcast: Reader = (target) => {
  const range = RANGES.find((name) => target === `!${name}`);
  return range && { type: 'broadcast', range };
};

const date: Reader = (target) => {
  const [, seconds, format] = /^!date\^(\d+)\^([^^]+)/.exec(target) ?? [];
  return format === undefined ? undefined : { type: 'date', timestamp: Number(seconds), format };
};

const link: Reader = (target, label, style) => {
  const url = unescapeText(target);
  if (!isLink(url)) return undefined;
  return { type: 'link', url, text: label ?? url.replace(/^mailto:/, ''), style };
};

const READERS = [user, channel, group, broadcast, date, link];

/** Nothing else is ever followed: `javascript:` would run on this page. */
export const isLink = (url: string): boolean => /^(?:https?:\/\/|mailto:)/i.test(url);
