import type { JournalEntry } from '../../support/slack/journal.ts';
import type { State } from '../../support/slack/state.ts';
import type { Json } from '../../support/slack/types.ts';
import { readable } from '../../support/slack/visible.ts';

type Names = Pick<State, 'users' | 'channels'>;

const LONGEST = 80;

/** What an entry of the traffic is about, in a few words: who or where, and what. */
export function aboutTraffic({ kind, args }: Pick<JournalEntry, 'kind' | 'args'>, names: Names): string {
  const given = (typeof args === 'object' && args !== null ? args : {}) as Json;
  const parts = kind === 'envelope' ? ofEnvelope(given, names) : ofCall(given, names);
  const line = readable(parts.filter((part) => part !== undefined && part !== '').join(' · '), names.users);
  const flat = line.replace(/\s+/g, ' ');
  return flat.length > LONGEST ? `${flat.slice(0, LONGEST - 1)}…` : flat;
}

const str = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const inside = (value: unknown) => (typeof value === 'object' && value !== null ? value : {}) as Json;

function ofCall(args: Json, { users, channels }: Names): (string | undefined)[] {
  const channel = str(args.channel) ?? str(args.channel_id);
  const user = str(args.user_id) ?? str(args.user);
  return [
    channel && channelName(channel, channels),
    user && `@${users.get(user)?.name ?? user}`,
    str(args.text) ?? str(args.filename) ?? str(inside(args.view).callback_id) ?? str(args.name),
  ];
}

function ofEnvelope(payload: Json, { users, channels }: Names): (string | undefined)[] {
  const event = inside(payload.event);
  const user = str(inside(payload.user).id) ?? str(payload.user_id) ?? str(event.user);
  const channel = str(inside(payload.channel).id) ?? str(payload.channel_id) ?? str(event.channel);
  const [action] = (Array.isArray(payload.actions) ? payload.actions : []) as Json[];
  return [
    user && `@${users.get(user)?.name ?? user}`,
    channel && channelName(channel, channels),
    (action && label(action)) ??
      str(payload.callback_id) ??
      str(inside(payload.view).callback_id) ??
      str(payload.value) ??
      str(event.reaction) ??
      str(event.text) ??
      str(payload.text),
  ];
}

const label = (action: Json) => str(inside(action.text).text) ?? str(action.action_id);

function channelName(id: string, channels: Names['channels']): string {
  const channel = channels.get(id);
  if (!channel) return id;
  return channel.kind === 'im' ? 'direct message' : `#${channel.name}`;
}
