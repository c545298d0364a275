import type { JournalEntry } from '../../support/slack/journal.ts';
import type { State } from '../../support/slack/state.ts';
import type { Json } from '../../support/slack/types.ts';
import { namesIn, readable } from '../../support/slack/visible.ts';

export type Names = Pick<State, 'users' | 'channels'>;

const LONGEST = 80;

/** What an entry of the traffic is about, in a few words: who or where, and what. */
export function aboutTraffic({ kind, args }: Pick<JournalEntry, 'kind' | 'args'>, names: Names): string {
  const parts = kind === 'envelope' ? ofEnvelope(inside(args), names) : ofCall(inside(args), names);
  const line = parts.filter((part) => part !== undefined).join(' · ');
  const flat = readable(line, namesIn(names.users)).replace(/\s+/g, ' ').trim();
  const letters = [...flat.slice(0, 2 * LONGEST + 2)];
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}…` : flat;
}

const inside = (value: unknown) => (typeof value === 'object' && value !== null ? value : {}) as Json;

/** The first of them that says something. */
const first = (...values: unknown[]): string | undefined =>
  values.find((value): value is string => typeof value === 'string' && value !== '');

function ofCall(args: Json, { users, channels }: Names): (string | undefined)[] {
  const view = inside(args.view);
  return [
    channelName(first(args.channel, args.channel_id), channels),
    personName(first(args.user_id, args.user), users),
    first(args.text, args.initial_comment, args.filename, view.callback_id, textOf(view.title), args.name),
  ];
}

function ofEnvelope(payload: Json, { users, channels }: Names): (string | undefined)[] {
  const event = inside(payload.event);
  const said = inside(event.message);
  const view = inside(payload.view);
  return [
    personName(first(inside(payload.user).id, payload.user_id, event.user, said.user), users),
    channelName(first(inside(payload.channel).id, payload.channel_id, placeOf(event)), channels),
    first(
      actionLabel(payload),
      payload.value,
      payload.callback_id,
      view.callback_id,
      payload.action_id,
      event.reaction,
      event.text,
      said.text,
      payload.text,
    ),
  ];
}

/** Of a reaction that is where the message stands. */
const placeOf = (event: Json) => event.channel ?? inside(event.item).channel;

const textOf = (text: unknown) => inside(text).text;

function actionLabel({ actions }: Json): unknown {
  const action = inside(Array.isArray(actions) ? actions[0] : undefined);
  return first(textOf(inside(action.selected_option).text), textOf(action.text), action.action_id);
}

const personName = (id: string | undefined, users: Names['users']) => id && `@${users.get(id)?.name ?? id}`;

function channelName(id: string | undefined, channels: Names['channels']): string | undefined {
  const channel = channels.get(id ?? '');
  if (!channel) return id;
  return channel.kind === 'im' ? 'direct message' : `#${channel.name}`;
}
