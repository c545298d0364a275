import type { Content, Link } from './audit-chain.ts';

/** One entry of the audit log as a line of JSON, whole, and as the cells of a row. */
type Column = (content: Content, link: Link) => unknown;

const actorId: Column = ({ actor }) => (typeof actor === 'string' ? actor : fieldOf(actor, 'user'));
const about =
  (name: string): Column =>
  (content) =>
    fieldOf(content.target, name) ?? fieldOf(content.owner, name);

/** In the order of the row; `entry` is the entry itself. */
const COLUMNS: Readonly<Record<string, Column>> = {
  position: (_, { position }) => position,
  time: ({ at }) => isoTime(at),
  event: ({ event }) => event,
  actor: actorId,
  actor_name: (content, link) => nameOf(content, actorId(content, link)),
  requester: ({ requester }) => requester,
  requester_name: (content) => nameOf(content, content.requester),
  request: ({ request }) => request,
  revision: ({ revision }) => revision,
  incident: ({ incident }) => incident,
  cluster: ({ cluster }) => cluster,
  action: ({ action }) => action,
  effect: ({ effect }) => effect,
  kind: about('kind'),
  namespace: about('namespace'),
  name: about('name'),
  from: ({ from }) => from,
  to: ({ to }) => to,
  diff: ({ diff }) => joined(diff, (one) => `${textOf(one.field)}: ${textOf(one.before)} → ${textOf(one.after)}`),
  digest: ({ digest }) => digest,
  rule: ({ rule }) => rule,
  votes: (content) => joined(content.votes, ({ user }) => withName(content, user)),
  reason: ({ reason }) => reason,
  outcome: ({ outcome }) => fieldOf(outcome, 'result'),
  outcome_text: ({ outcome, error }) => fieldOf(outcome, 'text') ?? fieldOf(error, 'message'),
  channel: ({ channel }) => channel,
  until: ({ until }) => isoTime(until),
  undo_of: ({ undoOf }) => undoOf,
  id: (_, { id }) => id,
  hash: (_, { hash }) => hash,
  entry: (_, { entry }) => entry,
};

export const AUDIT_COLUMNS: readonly string[] = Object.keys(COLUMNS);

/** What is nothing that opsbot writes has its place, id, hash and text only. */
export function auditRow(link: Link): string[] {
  const { content } = link;
  if (!content) {
    const { position, id, hash, entry } = link;
    const known: Record<string, unknown> = { position, id, hash, entry };
    return AUDIT_COLUMNS.map((name) => textOf(known[name]));
  }
  return Object.values(COLUMNS).map((column) => textOf(column(content, link)));
}

/** With the entry's text as it was hashed; as a string where it is nothing that opsbot writes. */
export function auditLine({ position, id, hash, entry, content }: Link): string {
  const whole = content && !/[\r\n]/.test(entry) ? entry : JSON.stringify(entry);
  return `{"position":${position},"id":${JSON.stringify(id)},"hash":${JSON.stringify(hash)},"entry":${whole}}\n`;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Partial<Record<string, unknown>>)[name] : undefined;
}

function nameOf({ people }: Content, user: unknown): unknown {
  return typeof user === 'string' ? fieldOf(fieldOf(people, user), 'name') : undefined;
}

function withName(content: Content, user: unknown): string {
  const name = textOf(nameOf(content, user));
  return name === '' ? textOf(user) : `${textOf(user)} (${name})`;
}

function joined(list: unknown, words: (item: Partial<Record<string, unknown>>) => string): string | undefined {
  if (!Array.isArray(list)) return undefined;
  return list.map((item) => words(typeof item === 'object' && item !== null ? item : {})).join('; ');
}

/** Of what is a time, in ms since the epoch; anything else as it is. */
function isoTime(value: unknown): unknown {
  const time = new Date(typeof value === 'number' ? value : Number.NaN);
  return Number.isNaN(time.getTime()) ? value : time.toISOString();
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
