/**
 * Every callback_id, action_id and block_id of opsbot, and what its buttons carry. Slack's limits: 255 characters for
 * an id, 2,000 for a button's value. Decoders take whatever comes back from Slack and give undefined where it is not ours.
 */
export const IDS = {
  modal: { action: 'modal:action', reject: 'modal:reject' },
  request: {
    approve: 'request:approve',
    reject: 'request:reject',
    cancel: 'request:cancel',
    undo: 'request:undo',
    settleSucceeded: 'request:settle-succeeded',
    settleFailed: 'request:settle-failed',
    askAgain: 'request:ask-again',
  },
  home: { filter: 'home:filter', refresh: 'home:refresh', age: 'block:home-age' },
  reason: { block: 'block:reason', input: 'input:reason' },
  channel: { block: 'block:channel', input: 'input:channel' },
  current: { block: 'block:current' },
} as const;

/** Listener patterns for the ids that carry an action's name. */
export const PATTERNS = {
  shortcut: /^shortcut:([a-z][a-z0-9-]*)$/,
  messageShortcut: /^message-shortcut:([a-z][a-z0-9-]*)$/,
  homeAct: /^home:act:([a-z][a-z0-9-]*)$/,
  homeNew: /^home:new:([a-z][a-z0-9-]*)$/,
  field: /^field:(.+)$/,
} as const;

export const shortcutId = (action: string): string => `shortcut:${action}`;
export const messageShortcutId = (action: string): string => `message-shortcut:${action}`;
export const homeActId = (action: string): string => `home:act:${action}`;
export const homeNewId = (action: string): string => `home:new:${action}`;
/** action_id of a field's element in the modal of an action. */
export const fieldId = (field: string): string => `field:${field}`;

/** What an id stands for: the action's or the field's name. */
export function nameIn(kind: keyof typeof PATTERNS, id: string): string | undefined {
  return PATTERNS[kind].exec(id)?.[1];
}

export interface RequestKey {
  requestId: string;
  revision: number;
}

/** Value of every button on a request: which revision the person saw. */
export function encodeRequest(key: RequestKey): string {
  return `${key.requestId}.${key.revision}`;
}

export function decodeRequest(value: unknown): RequestKey | undefined {
  if (typeof value !== 'string' || value.length > 255) return undefined;
  const match = /^([A-Za-z0-9_-]+)\.(\d{1,9})$/.exec(value);
  if (!match?.[1]) return undefined;
  return { requestId: match[1], revision: Number(match[2]) };
}

/** What a Home button acts on. */
export interface TargetKey {
  kind: string;
  namespace: string;
  name: string;
  uid: string;
}

export function encodeTarget(target: TargetKey): string {
  return JSON.stringify([target.kind, target.namespace, target.name, target.uid]);
}

export function decodeTarget(value: unknown): TargetKey | undefined {
  const parts = parseJson(value);
  if (!Array.isArray(parts) || parts.length !== 4) return undefined;
  const [kind, namespace, name, uid] = parts as unknown[];
  if (typeof kind !== 'string' || typeof namespace !== 'string') return undefined;
  if (typeof name !== 'string' || typeof uid !== 'string') return undefined;
  return { kind, namespace, name, uid };
}

/** JSON of a value from Slack; undefined where it is none. */
export function parseJson(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > 3000) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
