import { postOnce, type Where } from './post-once.ts';
import type { Showing } from './showing.ts';
import { slackCode } from './slack-errors.ts';
import { directChannel, type Words } from './tell.ts';

/** Where a request's requester reads what is for them alone: beside the line they wrote, where they wrote to opsbot. */
export async function besideRequester({ request, slack }: Showing): Promise<Where> {
  const { channel, thread } = request.origin.aside ?? {};
  return { channel: channel ?? (await directChannel(slack, request.requester)), thread };
}

/**
 * Says something about a request in its requester's direct messages, once. Where Slack refuses (an account that is gone, an
 * app) nobody would read it.
 */
export async function tellRequester(showing: Showing, part: string, words: Words): Promise<void> {
  try {
    await postOnce(showing, part, await besideRequester(showing), words);
  } catch (error) {
    if (slackCode(error) === undefined) throw error;
    showing.log.warn({ request: showing.request.id, err: error }, 'the requester cannot be told');
  }
}
