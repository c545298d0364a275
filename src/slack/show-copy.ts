import { copyMessage } from '../../views/answers.ts';
import { digestOf } from './message-digest.ts';
import { metadataOf, postOnce } from './post-once.ts';
import type { Showing } from './showing.ts';
import { callSlack, slackCode } from './slack-errors.ts';
import { besideRequester } from './tell-requester.ts';

export const COPY = 'copy';

/**
 * Whoever asked in direct messages or on Home may not look where the request is decided: one message there follows it.
 * Without buttons: what is decided, others see.
 */
export async function showCopy(showing: Showing): Promise<void> {
  const { request, surface } = showing;
  const isShown = surface.cards.some(({ revision }) => revision > 0);
  if (request.origin.aside === undefined || request.effect !== 'change' || !isShown) return;
  try {
    await (surface.copy === undefined ? postCopy(showing) : updateCopy(showing, surface.copy));
  } catch (error) {
    // They have deleted it, or their account is gone: the request itself is shown all the same.
    if (slackCode(error) === undefined) throw error;
    showing.log.warn({ request: request.id, err: error }, 'the requester’s copy cannot be shown');
  }
}

async function postCopy(showing: Showing): Promise<void> {
  const where = await besideRequester(showing);
  const message = render(showing);
  const { ts, isNew } = await postOnce(showing, COPY, where, message);
  // One that was found instead of posted may show an older state.
  const copy = { channel: where.channel, ts, shown: isNew ? digestOf(message) : undefined };
  await showing.save({ posting: undefined, copy });
  if (!isNew) await updateCopy(showing, copy);
}

async function updateCopy(showing: Showing, copy: NonNullable<Showing['surface']['copy']>): Promise<void> {
  const message = render(showing);
  const shown = digestOf(message);
  if (copy.shown === shown) return;
  const { channel, ts } = copy;
  const metadata = metadataOf(showing.subject, COPY);
  await callSlack(() => showing.slack.chat.update({ channel, ts, ...message, metadata })).catch(async (error) => {
    // A refusal is the last word: what is not there is not edited for ever.
    if (slackCode(error) !== undefined) await showing.save({ copy: { ...copy, shown } });
    throw error;
  });
  await showing.save({ copy: { ...copy, shown } });
}

function render({ request, headline, surface }: Showing) {
  return copyMessage(request, headline, surface.channel);
}
