import { has } from 'node-emoji';
import type { Block, Element } from './types.ts';

/**
 * What Slack makes of a text that a person typed, before an app sees it: entities, links around whatever looks like
 * an address, ids for mentions, and (on phones and Macs) typographic quotes and dashes.
 */
export interface Names {
  /** The id of the user, channel or group with that name, where there is one. */
  user(name: string): string | undefined;
  channel(name: string): string | undefined;
  usergroup(name: string): string | undefined;
}

export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function unescapeText(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function smarten(text: string): string {
  return text
    .replace(/(^|[\s([{])"/g, '$1\u201c')
    .replaceAll('"', '\u201d')
    .replace(/(^|[\s([{])'/g, '$1\u2018')
    .replaceAll("'", '\u2019')
    .replace(/(^|\s)--(?=\w)/g, '$1\u2014');
}

const TOP_LEVEL = 'com|org|net|io|dev|app|co|de|uk|eu|info|cloud|sh|ai|me|us|ch|at|fr|nl|md|py|rs|zip|prod';
const LINKABLE = new RegExp(
  [
    String.raw`(?<written><[@#!][^<>\s]+>)`,
    String.raw`(?<url>https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"])`,
    String.raw`(?<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)`,
    String.raw`(?<domain>(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:${TOP_LEVEL})(?::\d+)?(?:\/[^\s<>|]*)?(?![\w-]))`,
    String.raw`(?<at>(?<!\w)@[\w.-]*\w)`,
    String.raw`(?<hash>(?<!\w)#[\w-]+)`,
  ].join('|'),
  'gi',
);

function mention(name: string, names: Names): string | undefined {
  if (['here', 'channel', 'everyone'].includes(name)) return `<!${name}>`;
  const user = names.user(name);
  if (user) return `<@${user}>`;
  const group = names.usergroup(name);
  return group && `<!subteam^${group}|@${name}>`;
}

function rewriteToken(token: string, groups: Record<string, string | undefined>, names: Names): string {
  if (groups.written) return token;
  if (groups.url) return `<${escapeText(token)}>`;
  if (groups.mail) return `<mailto:${token}|${token}>`;
  if (groups.domain) return `<http://${escapeText(token)}|${escapeText(token)}>`;
  if (groups.at) return mention(token.slice(1), names) ?? token;
  const channel = names.channel(token.slice(1));
  return channel ? `<#${channel}|${token.slice(1)}>` : token;
}

function rewriteProse(text: string, names: Names): string {
  let done = 0;
  let rewritten = '';
  for (const match of text.matchAll(LINKABLE)) {
    rewritten += escapeText(text.slice(done, match.index)) + rewriteToken(match[0], match.groups ?? {}, names);
    done = match.index + match[0].length;
  }
  return rewritten + escapeText(text.slice(done));
}

/** The `text` of the message event for what a person typed. Code is left alone, apart from the entities. */
export function rewriteTyped(typed: string, names: Names, options: { smartQuotes?: boolean } = {}): string {
  return typed
    .split(/(```[\s\S]*?```|`[^`\n]+`)/)
    .map((part, index) => {
      if (index % 2 === 1) return escapeText(part);
      return rewriteProse(options.smartQuotes ? smarten(part) : part, names);
    })
    .join('');
}

/** `:tada:` by itself, as the composer turns it into a picture. */
const EMOJI = /((?<=^|\s):[a-z0-9_+'-]+:(?=$|[\s.,!?]))/;

function withEmoji(text: string): Element[] {
  return text.split(EMOJI).flatMap((part, index): Element[] => {
    const name = part.slice(1, -1);
    if (index % 2 === 1 && has(name)) return [{ type: 'emoji', name }];
    return part === '' ? [] : [{ type: 'text', text: part }];
  });
}

/** The `rich_text` block that Slack's composer sends along with a typed text. */
export function richTextOf(text: string, blockId: string): Block[] {
  const elements = text.split(/(<@\w+>|<[^<>]+>)/).flatMap((part): Element[] => {
    if (part === '') return [];
    const user = /^<@(\w+)>$/.exec(part);
    if (user) return [{ type: 'user', user_id: user[1] ?? '' }];
    const link = /^<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>$/.exec(part);
    if (link) return [{ type: 'link', url: link[1] ?? '', ...(link[2] === undefined ? {} : { text: link[2] }) }];
    return withEmoji(unescapeText(part));
  });
  return [{ type: 'rich_text', block_id: blockId, elements: [{ type: 'rich_text_section', elements }] }];
}
