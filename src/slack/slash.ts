import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import type { Action } from '../actions/action.ts';
import type { Origin } from '../requests/request.ts';
import { isBotIn, requestsChannel, requireBotIn } from './channel.ts';
import type { FrontDesk } from './front-desk.ts';
import { isDirect } from './place.ts';
import { runCommand } from './run-command.ts';
import { decidedElsewhere, directChannel, type Words } from './tell.ts';

type Slash = SlackCommandMiddlewareArgs & AllMiddlewareArgs;

/** `/opsbot …`: answers show to its writer alone; a change posts its request in the channel. */
export function onSlash(front: FrontDesk) {
  return async ({ command, ack }: Slash): Promise<void> => {
    const { channel_id: channel, user_id: user, text, trigger_id } = command;
    let aside: Words | undefined;
    const answer = await runCommand(front, {
      text,
      user,
      gestureKey: trigger_id,
      channel,
      thread: undefined,
      ts: undefined,
      async originOf(action) {
        const origin = await originOf(front, { channel, user }, action);
        if (origin.channel !== channel) aside = elsewhere(origin.channel, action);
        return origin;
      },
    });
    const words = answer ?? aside;
    await (words ? ack({ response_type: 'ephemeral', ...words }) : ack());
  };
}

/** The request is somewhere else than the line that asked for it. */
function elsewhere(channel: string, { effect }: Action): Words {
  return effect === 'change'
    ? decidedElsewhere(channel)
    : {
        text: 'opsbot is not in this channel, so the answer comes as a direct message. To have it here: /invite @opsbot',
      };
}

async function originOf(
  front: FrontDesk,
  { channel, user }: { channel: string; user: string },
  { effect }: Action,
): Promise<Origin> {
  const gesture = 'command' as const;
  if (effect === 'change') {
    if (isDirect(channel)) {
      return { channel: await requestsChannel(front), thread: undefined, aside: { channel }, gesture };
    }
    await requireBotIn(front, channel);
    return { channel, thread: undefined, gesture };
  }
  if (!(await isBotIn(front, channel))) {
    return { channel: await directChannel(front.slack, user), thread: undefined, gesture };
  }
  return { channel, thread: undefined, gesture, ...(isDirect(channel) ? {} : { ephemeralTo: user }) };
}
