import { APP } from '../../support/slack/fixtures.ts';
import type { LocalSlack } from '../../support/slack/local-slack.ts';
import type { Channel, Manifest, User, View } from '../../support/slack/types.ts';
import { CHANNEL } from '../start-sandbox.ts';
import { channelSlice } from './channel-slice.ts';
import { messageSlice, type Reader } from './message-slice.ts';
import type { ReadMarks } from './read-marks.ts';
import type { AppSlice, PersonSlice, Slices, ViewSlice } from './wire.ts';

export interface WorkspaceOptions {
  slack: LocalSlack;
  marks: ReadMarks;
  /** Names of those whom the page may be used as. */
  players: readonly string[];
}

/** Slack as one person sees it now. */
export function workspaceOf({ slack, marks, players }: WorkspaceOptions, user: string): Partial<Slices> {
  const { state } = slack;
  state.dmWith(user);
  const channels = [...state.channels.values()].filter((channel) => channel.members.has(user));
  const enteredOn = (surface: string) => state.inputs.get(`${user} ${surface}`) ?? {};
  const viewSlice = (view: View): ViewSlice => ({ view, entered: enteredOn(view.id) });
  const readUpTo = (channel: string, thread?: string) => marks.of(user, channel, thread);
  const reader: Reader = {
    user,
    files: state.files,
    entered: (channel, ts) => enteredOn(`${channel} ${ts}`),
    readUpTo,
  };

  const slices: Partial<Slices> = {
    me: user,
    app: appSlice(slack.manifest, slack.channel(CHANNEL).id),
    modals: (state.stacks.get(user) ?? []).map(viewSlice),
  };
  const home = state.homes.get(user);
  if (home) slices.home = viewSlice(home);
  for (const one of state.users.values()) slices[`person ${one.id}`] = personSlice(one, players);
  for (const channel of channels) {
    slices[`channel ${channel.id}`] = channelSlice(channel, user, readUpTo);
    const replies = repliesIn(channel);
    for (const message of channel.messages.values()) {
      const standing = { channel: channel.id, ephemeral: false, replies: replies.get(message.ts) ?? [] };
      slices[`message ${channel.id} ${message.ts}`] = messageSlice(message, standing, reader);
    }
  }
  for (const { channel: id, to, message } of state.ephemerals) {
    if (to !== user || !channels.some((channel) => channel.id === id)) continue;
    const standing = { channel: id, ephemeral: true, replies: [] };
    slices[`message ${id} ${message.ts}`] = messageSlice(message, standing, reader);
  }
  return slices;
}

/** By the ts of the root: a channel is gone through once, however many threads it has. */
const repliesIn = ({ messages }: Channel) =>
  Map.groupBy(
    [...messages.values()].filter(({ ts, thread_ts: thread }) => thread !== ts),
    ({ thread_ts: thread }) => thread,
  );

function personSlice(user: User, players: readonly string[]): PersonSlice {
  const note = user.is_restricted ? 'guest' : user.is_stranger ? 'of another company' : undefined;
  const { id, name, real_name: realName, is_bot: isApp } = user;
  return { id, name, realName, isApp, note, playable: players.includes(name) };
}

function appSlice({ features = {} }: Manifest, channel: string): AppSlice {
  const { shortcuts = [], slash_commands: commands = [] } = features;
  const named = (wanted: string) =>
    shortcuts.flatMap(({ type, name, description = '' }) => (type === wanted ? [{ name, description }] : []));
  return {
    user: APP.botUser,
    channel,
    globalShortcuts: named('global'),
    messageShortcuts: named('message'),
    commands: commands.map(({ command, description = '', usage_hint: hint = '' }) => ({ command, description, hint })),
  };
}
