/**
 * Every callback_id, action_id and block_id of opsbot, and what its buttons carry. Slack's limits: 255 characters for
 * an id, 2,000 for a button's value. Decoders take whatever comes back from Slack and give undefined where it is not ours.
 */
export const IDS = {
  modal: { action: 'modal:action', reject: 'modal:reject', history: 'modal:history' },
  request: {
    approve: 'request:approve',
    reject: 'request:reject',
    cancel: 'request:cancel',
    undo: 'request:undo',
    settleSucceeded: 'request:settle-succeeded',
    settleFailed: 'request:settle-failed',
    askAgain: 'request:ask-again',
  },
  home: { filter: 'home:filter', refresh: 'home:refresh', age: 'block:home-age', endSilence: 'home:end-silence' },
  history: {
    open: 'history:open',
    older: 'history:older',
    newer: 'history:newer',
    about: 'history:about',
    namespace: 'history:namespace',
    by: 'history:by',
    outcome: 'history:outcome',
    clear: 'history:clear',
  },
  incident: { acknowledge: 'incident:acknowledge', silence: 'incident:silence' },
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
  /** Buttons that show another page of history. */
  historyTurn: /^history:(older|newer)$/,
  /** What narrows it. */
  historyFilter: /^history:(about|namespace|by|outcome|clear)$/,
  incidentAct: /^incident:act:([a-z][a-z0-9-]*)$/,
  field: /^field:(.+)$/,
} as const;

export const shortcutId = (action: string): string => `shortcut:${action}`;
export const messageShortcutId = (action: string): string => `message-shortcut:${action}`;
export const homeActId = (action: string): string => `home:act:${action}`;
export const homeNewId = (action: string): string => `home:new:${action}`;
export const incidentActId = (action: string): string => `incident:act:${action}`;
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
  const parts = stringsIn(value, 4);
  if (!parts) return undefined;
  const [kind, namespace, name, uid] = parts as [string, string, string, string];
  return { kind, namespace, name, uid };
}

/** Value of an incident's buttons: its id. */
export function decodeIncident(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(value) ? value : undefined;
}

/** Which incident's owner to silence, and for how long in ms. */
export interface SilenceKey {
  id: string;
  ms: number;
}

export function encodeSilence({ id, ms }: SilenceKey): string {
  return `${id}.${ms}`;
}

export function decodeSilence(value: unknown): SilenceKey | undefined {
  if (typeof value !== 'string' || value.length > 150) return undefined;
  const match = /^([A-Za-z0-9_-]{1,40})\.(\d{1,12})$/.exec(value);
  return match?.[1] ? { id: match[1], ms: Number(match[2]) } : undefined;
}

/** Whose silence a button on Home ends. */
export interface SilencedKey {
  cluster: string;
  kind: string;
  namespace: string;
  name: string;
}

export function encodeSilenced({ cluster, kind, namespace, name }: SilencedKey): string {
  return JSON.stringify([cluster, kind, namespace, name]);
}

export function decodeSilenced(value: unknown): SilencedKey | undefined {
  const parts = stringsIn(value, 4);
  if (!parts) return undefined;
  const [cluster, kind, namespace, name] = parts as [string, string, string, string];
  return { cluster, kind, namespace, name };
}

function stringsIn(value: unknown, count: number): string[] | undefined {
  const parts = parseJson(value);
  if (!Array.isArray(parts) || parts.length !== count) return undefined;
  return parts.every((part) => typeof part === 'string') ? parts : undefined;
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
