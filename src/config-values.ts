import { z } from 'zod';

/** Forms of values that several parts of the configuration file share. A message says what would be right. */
const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `1h30m` → ms; undefined for anything else. */
function durationMs(text: string): number | undefined {
  if (!/^(\d{1,6}[smhd])+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)([smhd])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0);
}

/** A duration between two others, in ms. */
export function duration(shortest: string, longest: string, example = '30m, 2h or 1h30m') {
  const advice = `a duration from ${shortest} to ${longest} is needed, like ${example}`;
  const [least = 0, most = 0] = [durationMs(shortest), durationMs(longest)];
  return z.string(advice).transform((text, context) => {
    const ms = durationMs(text);
    if (ms !== undefined && ms >= least && ms <= most) return ms;
    context.addIssue({ code: 'custom', message: advice });
    return z.NEVER;
  });
}

/** One string or a list of strings. */
export function oneOrMore<Item extends z.ZodType<string>>(item: Item, advice: string) {
  return z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(item, advice).min(1, advice).readonly(),
  );
}

/** Of these characters and `*`. A regular expression, or a `!`, would match nothing without anyone noticing. */
export function globs(characters: string, example: string) {
  const advice = `a name or a pattern like ${example} is needed, or a list of them; only * is special`;
  return oneOrMore(z.string(advice).regex(new RegExp(`^[*${characters}]+$`), advice), advice);
}

/** What rules of every kind can match. */
export const clusters = globs('a-z0-9-', 'eu-*').optional().describe('Names of clusters (`OPSBOT_CLUSTER`).');
export const namespaces = globs('a-z0-9-', '"prod-*"').optional().describe('Namespaces.');

const CHANNEL_ADVICE = 'a channel id like C0123456789 is needed; Slack shows it at the end of the channel’s details';
export const channel = z.string(CHANNEL_ADVICE).regex(/^[CG][A-Z0-9]{6,}$/, CHANNEL_ADVICE);

const CHANNELS_ADVICE = 'a channel id like C0123456789 is needed, or a list of them';
export const channels = oneOrMore(channel, CHANNELS_ADVICE);

const WORKSPACE_ADVICE =
  'a workspace id like T0123456789 is needed, or a list of them; Slack’s address in a browser has it after /client/';
export const workspaces = oneOrMore(
  z.string(WORKSPACE_ADVICE).regex(/^T[A-Z0-9]{6,}$/, WORKSPACE_ADVICE),
  WORKSPACE_ADVICE,
);
