import type { RequestSurface } from '../requests/requests.ts';
import { revisionIn } from './card-part.ts';
import { findPost, partIn, type Where } from './post-once.ts';
import { ANSWERED_AT } from './show-answer.ts';
import { COPY } from './show-copy.ts';
import { NOTICE, NOTICE_PART } from './show-notice.ts';
import { stepIn } from './show-steps.ts';
import type { Showing } from './showing.ts';
import { slackCode } from './slack-errors.ts';
import { besideRequester } from './tell-requester.ts';

/**
 * A post whose answer was lost may be there all the same. It is looked for before anything else is posted: what was worth
 * saying then need not be what is worth saying now, and nobody would ever look for it again.
 */
export async function findLost(showing: Showing): Promise<void> {
  const { subject, surface } = showing;
  const { posting: part } = surface;
  if (part === undefined || part.startsWith(ANSWERED_AT)) return;
  try {
    const where = isInPlace(part) ? surface : await besideRequester(showing);
    const ts = await findPost(showing, where, (message) => partIn(message, subject) === part);
    await showing.save({ posting: undefined, ...(ts !== undefined && found(surface, part, where, ts)) });
  } catch (error) {
    // Nobody can look there: whoever wants to post there learns so, too.
    if (slackCode(error) === undefined) throw error;
  }
}

/** Where the request is shown, not beside its requester. */
function isInPlace(part: string): boolean {
  return part === NOTICE_PART || part === 'answer' || revisionIn(part) !== undefined || stepIn(part) !== undefined;
}

/** What is to be remembered of a post that was found. What it showed is not known: it is brought up to date. */
function found(surface: RequestSurface, part: string, { channel }: Where, ts: string): Partial<RequestSurface> {
  const { cards, thread, loss } = surface;
  const revision = revisionIn(part);
  if (revision !== undefined) return { thread: thread ?? ts, cards: [...cards, { revision, ts, shown: undefined }] };
  const step = stepIn(part);
  if (step !== undefined) return { told: step + 1 };
  switch (part) {
    case NOTICE_PART:
      return { cards: [...cards, { revision: NOTICE, ts, shown: '' }] };
    case COPY:
      return { copy: { channel, ts, shown: undefined } };
    case 'loss':
      return loss ? { loss: { ...loss, isTold: true } } : {};
    case 'answer':
      return { posting: `${ANSWERED_AT}${ts}` };
    default:
      return { answered: true };
  }
}
