import { ApiError, missingArgument } from '../api-error.ts';
import type { Channel, ChannelKind, Json, User } from '../types.ts';
import type { World } from '../world.ts';

/** Who calls: a bot with its bot token, or an app with its app token. */
export interface Caller {
  token: 'bot' | 'app';
  user: User;
  scopes: ReadonlySet<string>;
}

export interface Call {
  world: World;
  caller: Caller;
  args: Json;
}

export interface Method {
  /** What the token must have been given, where that does not hang on the conversation. */
  scope?: string;
  /** Default `bot`. */
  token?: 'app' | 'any';
  /** Calls a minute. */
  tier: number;
  run(call: Call): Json;
}

export function requireScope(caller: Caller, needed: string): void {
  if (caller.scopes.has(needed)) return;
  throw new ApiError('missing_scope', { needed, provided: [...caller.scopes].join(',') });
}

export function text(args: Json, name: string): string {
  const value = args[name];
  if (value === undefined || value === null || value === '') throw missingArgument(name);
  return String(value);
}

export function optionalText(args: Json, name: string): string | undefined {
  const value = args[name];
  return value === undefined || value === null || value === '' ? undefined : String(value);
}

export function flag(args: Json, name: string): boolean {
  return args[name] === true || args[name] === 'true' || args[name] === '1' || args[name] === 1;
}

/** An argument that is an object: in a form it comes as JSON. */
export function structured(args: Json, name: string, error: string): unknown {
  const value = args[name];
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw new ApiError(error);
  }
}

/** A conversation that the caller may know of: private ones only as a member. */
export function conversation({ world, caller, args }: Call): Channel {
  const id = text(args, 'channel');
  const channel = world.state.channels.get(id);
  if (!channel) throw new ApiError('channel_not_found');
  if (channel.kind !== 'channel' && !channel.members.has(caller.user.id)) throw new ApiError('channel_not_found');
  return channel;
}

const FAMILY: Record<ChannelKind, string> = { channel: 'channels', group: 'groups', im: 'im' };

export function conversationScope(caller: Caller, channel: Channel, right: 'read' | 'history'): void {
  requireScope(caller, `${FAMILY[channel.kind]}:${right}`);
}

export interface Page<T> {
  items: T[];
  next: string;
}

/** One page of a list by Slack's cursors. */
export function page<T>(list: readonly T[], args: Json, usual: number, most: number): Page<T> {
  const cursor = optionalText(args, 'cursor');
  const start = cursor === undefined ? 0 : Number(Buffer.from(cursor, 'base64').toString('utf8').replace('next:', ''));
  if (!Number.isInteger(start) || start < 0 || start > list.length) throw new ApiError('invalid_cursor');
  const limit = Math.min(Number(args.limit ?? usual) || usual, most);
  const end = start + limit;
  return {
    items: list.slice(start, end),
    next: end < list.length ? Buffer.from(`next:${end}`).toString('base64') : '',
  };
}
