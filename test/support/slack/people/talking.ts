import { ApiError } from '../api-error.ts';
import type { Delivered } from '../delivery/delivery.ts';
import { APP, TEAM } from '../fixtures.ts';
import { edit, post, react, remove, unreact } from '../messages.ts';
import { showAnswer } from '../response-url.ts';
import { escapeText, type Names, rewriteTyped, richTextOf } from '../rewriting.ts';
import type { Channel, Json, Message, MessageRef, User } from '../types.ts';
import { issueHook, issueTrigger } from '../world.ts';
import { type SeenMessage, seeMessage } from './looking.ts';
import { basePayload, channelPart } from './payloads.ts';
import { channelOf, type Gesture, gestureOf, type Self } from './self.ts';

export interface SayOptions {
  /** Reply in the thread of this message. */
  thread?: MessageRef | string;
  /** Typed where quotes turn into typographic ones. */
  smartQuotes?: boolean;
}

export interface Said extends MessageRef {
  /** As the app gets it, after Slack's rewriting. */
  text: string;
  /** What became of the events, one for each; none where the app is not there. */
  delivered: Delivered[];
}

export function namesOf({ world }: Self): Names {
  const { users, channels, usergroups } = world.state;
  return {
    user: (name) => [...users.values()].find((user) => user.name === name)?.id,
    channel: (name) => [...channels.values()].find((channel) => channel.name === name)?.id,
    usergroup: (name) => [...usergroups.values()].find((group) => group.handle === name)?.id,
  };
}

function writable(self: Self, channel: Channel): void {
  if (channel.is_archived) throw new Error(`${channel.name} is archived`);
  if (!channel.members.has(self.user.id)) throw new Error(`${self.user.name} is not in ${channel.name}`);
}

const tsOf = (thread: MessageRef | string) => (typeof thread === 'string' ? thread : thread.ts);

export async function say(self: Self, name: string, typed: string, options: SayOptions = {}): Promise<Said> {
  const { world, user } = self;
  const channel = channelOf(self, name);
  writable(self, channel);
  const text = rewriteTyped(typed, namesOf(self), options);
  const blocks = user.is_bot ? {} : { blocks: richTextOf(text, world.random.id('', 5)) };
  const thread = options.thread === undefined ? undefined : tsOf(options.thread);
  if (thread !== undefined && !channel.messages.has(thread))
    throw new Error(`there is no thread ${thread} in ${channel.name}`);
  const { message, delivered } = post(world, channel, user, { text, ...blocks, thread });
  return { channel: channel.id, ts: message.ts, text, delivered: await delivered };
}

function messageOf(self: Self, { channel: name, ts }: MessageRef): { channel: Channel; message: Message } {
  const channel = channelOf(self, name);
  const message = channel.messages.get(ts);
  if (!message) throw new Error(`there is no message ${ts} in ${channel.name}`);
  return { channel, message };
}

function ownMessage(self: Self, ref: MessageRef) {
  const found = messageOf(self, ref);
  if (found.message.user !== self.user.id) throw new Error(`${self.user.name} did not write that message`);
  return found;
}

export async function editOwn(self: Self, ref: MessageRef, typed: string): Promise<Said> {
  const { channel, message } = ownMessage(self, ref);
  const text = rewriteTyped(typed, namesOf(self));
  const blocks = richTextOf(text, self.world.random.id('', 5));
  return {
    channel: channel.id,
    ts: message.ts,
    text,
    delivered: await edit(self.world, channel, message, self.user, { text, blocks }),
  };
}

export function deleteOwn(self: Self, ref: MessageRef): void {
  const { channel, message } = ownMessage(self, ref);
  remove(self.world, channel, message);
}

export function dismiss({ world, user }: Self, { channel, ts }: MessageRef): void {
  const { ephemerals } = world.state;
  const at = ephemerals.findIndex((one) => one.to === user.id && one.channel === channel && one.message.ts === ts);
  if (at === -1) throw new Error(`${user.name} sees no message ${ts} that is for them alone`);
  ephemerals.splice(at, 1);
  world.journal.changed();
}

export async function addReaction(self: Self, name: string, ref: MessageRef): Promise<Delivered[]> {
  const { channel, message } = messageOf(self, ref);
  const sent = react(self.world, channel, message, self.user.id, name);
  if (sent === false) throw new Error(`${self.user.name} has reacted with ${name} already`);
  return sent;
}

export async function removeReaction(self: Self, name: string, ref: MessageRef): Promise<Delivered[]> {
  const { channel, message } = messageOf(self, ref);
  const sent = unreact(self.world, channel, message, self.user.id, name);
  if (sent === false) throw new Error(`${self.user.name} has not reacted with ${name}`);
  return sent;
}

function homeMember({ user }: Self): void {
  if (user.is_stranger) throw new Error(`${user.name} is of another workspace, where the app is not installed`);
}

function answered(self: Self, channel: Channel, payload: unknown): SeenMessage | undefined {
  const { world, user } = self;
  const body = (typeof payload === 'string' ? { text: payload } : (payload ?? {})) as Json;
  if (Object.keys(body).length === 0) return undefined;
  try {
    const bot = world.state.users.get(APP.botUser) as User;
    const message = showAnswer(world, { channel, user: user.id, bot }, body);
    return seeMessage(self, channel, message, body.response_type !== 'in_channel');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const reasons = (error.extra.errors as string[] | undefined) ?? [];
    world.journal.violated({ kind: 'bad-ack', name: 'slash_command', error: error.code, reasons, args: body });
    return undefined;
  }
}

export type Slashed = Gesture & { answer?: SeenMessage };

export async function slash(self: Self, command: string, text: string, name: string): Promise<Slashed> {
  const { world, user } = self;
  homeMember(self);
  const channel = channelOf(self, name);
  writable(self, channel);
  const declared = world.manifest.features?.slash_commands;
  const entry = declared?.find((other) => other.command === command);
  if (declared && !entry) throw new Error(`${command} is not a command of the app`);
  const payload: Json = {
    token: 'local-verification-token',
    team_id: TEAM.id,
    team_domain: TEAM.domain,
    channel_id: channel.id,
    channel_name: channelPart(channel).name,
    user_id: user.id,
    user_name: user.name,
    command,
    text: entry?.should_escape ? rewriteTyped(text, namesOf(self)) : escapeText(text),
    api_app_id: APP.id,
    is_enterprise_install: 'false',
    response_url: issueHook(world, { channel: channel.id, user: user.id, ts: undefined, thread: undefined }),
    trigger_id: issueTrigger(world, user.id),
  };
  const result = await world.deliver({ kind: 'slash_commands', payload, acceptsResponse: true });
  const answer = result.acked ? answered(self, channel, result.payload) : undefined;
  return { ...gestureOf(result), ...(answer ? { answer } : {}) };
}

function callbackOf({ world }: Self, name: string, type: 'global' | 'message'): string {
  const shortcuts = (world.manifest.features?.shortcuts ?? []).filter((shortcut) => shortcut.type === type);
  const found = shortcuts.find((shortcut) => shortcut.name === name);
  if (found) return found.callback_id;
  const seen = shortcuts.map((shortcut) => `"${shortcut.name}"`).join(', ') || 'none';
  throw new Error(`the manifest has no ${type} shortcut "${name}"; it has: ${seen}`);
}

export async function runShortcut(self: Self, name: string): Promise<Gesture> {
  homeMember(self);
  const payload = {
    ...basePayload(self, 'shortcut'),
    callback_id: callbackOf(self, name, 'global'),
    action_ts: self.world.state.nextTs(),
  };
  return gestureOf(await self.world.deliver({ kind: 'interactive', payload, acceptsResponse: false }));
}

export async function runMessageShortcut(self: Self, name: string, ref: MessageRef): Promise<Gesture> {
  homeMember(self);
  const { channel, message } = messageOf(self, ref);
  const thread = message.thread_ts && message.thread_ts !== message.ts ? message.thread_ts : undefined;
  const payload = {
    ...basePayload(self, 'message_action'),
    callback_id: callbackOf(self, name, 'message'),
    action_ts: self.world.state.nextTs(),
    channel: channelPart(channel),
    message_ts: message.ts,
    message,
    response_url: issueHook(self.world, { channel: channel.id, user: self.user.id, ts: message.ts, thread }),
  };
  return gestureOf(await self.world.deliver({ kind: 'interactive', payload, acceptsResponse: false }));
}

export async function openHome(self: Self): Promise<Gesture> {
  const { world, user } = self;
  homeMember(self);
  const view = world.state.homes.get(user.id);
  const channel = world.state.dmWith(user.id);
  const event = {
    type: 'app_home_opened',
    user: user.id,
    channel: channel.id,
    tab: 'home',
    event_ts: world.state.nextTs(),
  };
  const result = await world.events.send(view ? { ...event, view } : event);
  return result ? gestureOf(result) : { sent: false, acked: false, ms: 0 };
}
