import { ApiError, withReasons } from './api-error.ts';
import { checkContent, isEmptyContent } from './content.ts';
import { APP } from './fixtures.ts';
import { edit, fillIn, post, postEphemeral, remove } from './messages.ts';
import type { Hook } from './state.ts';
import type { Channel, Json, Message, User } from './types.ts';
import type { World } from './world.ts';

const USES = 5;

function take(world: World, id: string): { hook: Hook; channel: Channel; bot: User } {
  const hook = world.state.hooks.get(id);
  if (!hook) throw new ApiError('no_service');
  if (world.clock.now() > hook.expiresAt) throw new ApiError('expired_url');
  if (hook.uses >= USES) throw new ApiError('used_url');
  hook.uses += 1;
  const channel = world.state.channels.get(hook.channel);
  const bot = world.state.users.get(APP.botUser);
  if (!channel || !bot) throw new ApiError('channel_not_found');
  return { hook, channel, bot };
}

interface Original {
  message: Message;
  change(content: ReturnType<typeof checkContent>): void;
  drop(): void;
}

/** The message that the hook belongs to; ephemeral ones can be reached in this way only. */
function originalOf(world: World, hook: Hook, channel: Channel, bot: User): Original | undefined {
  const { ephemerals } = world.state;
  const ephemeral = ephemerals.find(({ message, to }) => message.ts === hook.ts && to === hook.user);
  if (ephemeral) {
    return {
      message: ephemeral.message,
      change: (content) => fillIn(world, ephemeral.message, content),
      drop: () => void ephemerals.splice(ephemerals.indexOf(ephemeral), 1),
    };
  }
  const message = hook.ts === undefined ? undefined : channel.messages.get(hook.ts);
  if (!message || message.user !== bot.id) return undefined;
  return {
    message,
    change: (content) => void edit(world, channel, message, bot, content),
    drop: () => remove(world, channel, message),
  };
}

/** Shows an app's words where its hook points: to one person, or to the channel. */
export function showAnswer(
  world: World,
  place: { channel: Channel; user: string; bot: User; thread?: string | undefined },
  body: Json,
): Message {
  const content = checkContent(body);
  if (isEmptyContent(content)) throw new ApiError('no_text');
  const { channel, user, bot, thread } = place;
  if (body.response_type === 'in_channel') return post(world, channel, bot, { ...content, thread }).message;
  return postEphemeral(world, channel, user, bot, { ...content, thread });
}

/** What was posted to a response_url. Throws an ApiError where Slack would refuse it. */
export function respond(world: World, id: string, body: Json): void {
  const { hook, channel, bot } = take(world, id);
  const original = originalOf(world, hook, channel, bot);
  if (body.delete_original === true) {
    if (!original) throw new ApiError('message_not_found');
    original.drop();
  } else if (body.replace_original === true && original) {
    original.change(checkContent(body));
  } else {
    const type = body.response_type;
    if (type !== undefined && type !== 'in_channel' && type !== 'ephemeral') {
      throw withReasons('invalid_arguments', ['must be a valid enum value [json-pointer:/response_type]']);
    }
    const thread = typeof body.thread_ts === 'string' ? body.thread_ts : hook.thread;
    showAnswer(world, { channel, user: hook.user, bot, thread }, body);
  }
  world.journal.changed();
}
