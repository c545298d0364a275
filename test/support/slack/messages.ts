import { storedAttachments } from './attachments.ts';
import { type Content, withIds } from './content.ts';
import type { Delivered } from './delivery/delivery.ts';
import { APP } from './fixtures.ts';
import { rememberScreen, threadOf } from './state.ts';
import type { Channel, Json, Message, User } from './types.ts';
import { elementsOfMessage } from './visible.ts';
import type { World } from './world.ts';

/** Messages come, change and go here, whoever is behind it; the app hears of it as Slack's would. */

export type Posted = { message: Message; delivered: Promise<Delivered[]> };
export type Draft = Content & { thread?: string | undefined; files?: Json[]; subtype?: string };

const broadcast = /<!(?:channel|here|everyone)(?:\|[^>]*)?>/;

/** Whether this would page a whole channel. */
function pagesEverybody({ text, blocks = [], attachments = [] }: Message): boolean {
  return broadcast.test(text) || broadcast.test(JSON.stringify([blocks, attachments]));
}

/** Replaces what is given and leaves the rest as it was; an empty list removes what was there. */
export function fillIn(world: World, message: Message, { blocks, attachments, ...rest }: Content): void {
  Object.assign(message, rest);
  if (blocks) message.blocks = withIds(blocks, world.random);
  if (attachments) message.attachments = storedAttachments(attachments, world.random);
  if (message.blocks?.length === 0) delete message.blocks;
  if (message.attachments?.length === 0) delete message.attachments;
}

function build(world: World, author: User, draft: Draft): Message {
  const { thread, text = '', files, subtype, ...content } = draft;
  const bot = author.is_bot
    ? {
        bot_id: author.bot_id,
        app_id: author.app_id,
        bot_profile: { id: author.bot_id, app_id: author.app_id, name: author.name },
      }
    : { client_msg_id: world.random.id('', 24).toLowerCase() };
  const message: Message = {
    type: 'message',
    ts: world.state.nextTs(),
    user: author.id,
    team: author.team_id,
    text,
    ...(bot as Partial<Message>),
    ...(author.is_stranger ? { user_team: author.team_id, source_team: author.team_id } : {}),
    ...(files ? { files } : {}),
    ...(subtype ? { subtype } : {}),
    ...(thread === undefined ? {} : { thread_ts: thread }),
  };
  fillIn(world, message, content);
  return message;
}

/** What the app is told about a channel that it is in; promises of the first attempts. */
export function tell(world: World, channel: Channel, event: Json): Promise<Delivered | undefined> {
  if (!channel.members.has(APP.botUser)) return Promise.resolve(undefined);
  return world.events.send({ ...event, channel: channel.id }, channel);
}

const happened = (results: (Delivered | undefined)[]) => results.filter((result) => result !== undefined);

function announce(world: World, channel: Channel, message: Message): Promise<Delivered[]> {
  const { metadata: _metadata, ...shown } = message;
  const event = { ...shown, event_ts: message.ts };
  const sends = [() => tell(world, channel, { ...event, channel_type: channel.kind })];
  if (message.text.includes(`<@${APP.botUser}>`) && message.user !== APP.botUser && channel.kind !== 'im') {
    const mention = { ...event, type: 'app_mention' };
    sends.splice(world.random.below(2), 0, () => tell(world, channel, mention));
  }
  return Promise.all(sends.map((send) => send())).then(happened);
}

export function post(world: World, channel: Channel, author: User, draft: Draft): Posted {
  const root = draft.thread === undefined ? undefined : channel.messages.get(draft.thread);
  const message = build(world, author, { ...draft, thread: root ? (root.thread_ts ?? root.ts) : undefined });
  if (root && message.thread_ts) message.parent_user_id = channel.messages.get(message.thread_ts)?.user ?? root.user;
  channel.messages.set(message.ts, message);
  refreshThread(channel, message.thread_ts);
  world.journal.changed();
  noticeBroadcast(world, author, message);
  return { message, delivered: announce(world, channel, message) };
}

/** An edit pages nobody, but shows as well that something was not escaped. */
function noticeBroadcast(world: World, author: User, message: Message): void {
  if (author.is_bot && pagesEverybody(message)) world.journal.emitter.emit('broadcast', message);
}

function refreshThread(channel: Channel, ts: string | undefined): void {
  const [root, ...replies] = ts === undefined ? [] : threadOf(channel, ts);
  if (root === undefined) return;
  root.thread_ts = root.ts;
  root.reply_count = replies.length;
  const latest = replies.at(-1)?.ts;
  if (latest) root.latest_reply = latest;
}

export function postEphemeral(world: World, channel: Channel, to: string, author: User, draft: Draft): Message {
  const message = build(world, author, draft);
  world.state.ephemerals.push({ channel: channel.id, to, message });
  world.journal.changed();
  return message;
}

export function edit(
  world: World,
  channel: Channel,
  message: Message,
  by: User,
  change: Content,
): Promise<Delivered[]> {
  const before = { ...message };
  rememberScreen(world.state, `${channel.id} ${message.ts}`, elementsOfMessage(before));
  fillIn(world, message, change);
  noticeBroadcast(world, by, message);
  message.edited = { user: by.id, ts: world.state.nextTs() };
  world.journal.changed();
  const { metadata: _new, ...shown } = message;
  const { metadata: _old, ...previous } = before;
  return tell(world, channel, {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    message: shown,
    previous_message: previous,
    channel_type: channel.kind,
    ts: message.edited.ts,
    event_ts: message.edited.ts,
  }).then((result) => happened([result]));
}

/** A root with replies leaves a tombstone, so that its thread stays. */
export function remove(world: World, channel: Channel, message: Message): void {
  const previous = { ...message };
  if ((message.reply_count ?? 0) > 0) {
    Object.assign(message, { subtype: 'tombstone', text: 'This message was deleted.', user: 'USLACKBOT' });
    delete message.blocks;
    delete message.attachments;
    delete message.metadata;
    delete message.bot_id;
  } else {
    channel.messages.delete(message.ts);
    refreshThread(channel, message.thread_ts);
  }
  world.journal.changed();
  const ts = world.state.nextTs();
  void tell(world, channel, {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    deleted_ts: previous.ts,
    previous_message: previous,
    channel_type: channel.kind,
    ts,
    event_ts: ts,
  });
}

/** False where that person has reacted like this before. */
export function react(
  world: World,
  channel: Channel,
  message: Message,
  user: string,
  name: string,
): Promise<Delivered[]> | false {
  message.reactions ??= [];
  const reaction = message.reactions.find((other) => other.name === name);
  if (reaction?.users.includes(user)) return false;
  if (reaction) reaction.users.push(user);
  else message.reactions.push({ name, users: [user], count: 0 });
  for (const each of message.reactions) each.count = each.users.length;
  return reactionEvent(world, 'reaction_added', channel, message, user, name);
}

/** False where there is no such reaction of that person. */
export function unreact(
  world: World,
  channel: Channel,
  message: Message,
  user: string,
  name: string,
): Promise<Delivered[]> | false {
  const reaction = message.reactions?.find((other) => other.name === name);
  if (!reaction?.users.includes(user)) return false;
  reaction.users = reaction.users.filter((other) => other !== user);
  reaction.count = reaction.users.length;
  message.reactions = message.reactions?.filter((other) => other.count > 0) ?? [];
  return reactionEvent(world, 'reaction_removed', channel, message, user, name);
}

function reactionEvent(world: World, type: string, channel: Channel, message: Message, user: string, reaction: string) {
  world.journal.changed();
  if (!channel.members.has(APP.botUser)) return Promise.resolve([]);
  const item = { type: 'message', channel: channel.id, ts: message.ts };
  const event = { type, user, reaction, item, item_user: message.user, event_ts: world.state.nextTs() };
  return world.events.send(event, channel).then((result) => happened([result]));
}
