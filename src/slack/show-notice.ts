import type { WebAPICallResult } from '@slack/web-api';
import { requestCard } from '../../views/request.ts';
import type { Request } from '../requests/request.ts';
import { RateLimited } from '../requests/requests.ts';
import { digestOf } from './message-digest.ts';
import { postOnce } from './post-once.ts';
import type { Showing } from './showing.ts';
import { callSlack, slackCode } from './slack-errors.ts';
import { tell } from './tell.ts';

/** ms: a request that is planned within this time shows itself with its plan. */
const PATIENCE_MS = 1_500;
/** The notice's place among the cards: no plan has this revision, so nobody can vote on it. */
export const NOTICE = 0;
export const NOTICE_PART = 'notice';

/** True while there is nothing to say about a request yet. */
export function isTooEarly(request: Request, now: number): boolean {
  return isAwaited(request) && now - request.createdAt < PATIENCE_MS;
}

/** Whoever asked has nothing in hand yet: no plan of a change, no answer to a read. */
function isAwaited({ effect, state, revision }: Request): boolean {
  if (state === 'received') return revision === 1;
  return effect === 'read' && (state === 'proposed' || state === 'approved' || state === 'executing');
}

/**
 * “Looking at the cluster…”, for a request whose plan or answer is late. It is taken away when there is more to say, so
 * that the plan comes as a message of its own: people are notified of it, and nobody votes on one that showed no plan.
 */
export async function showNotice(showing: Showing): Promise<void> {
  const { request, surface } = showing;
  const notice = surface.cards.find(({ revision }) => revision === NOTICE);
  const isWaiting = isAwaited(request);
  // A read that somebody had to allow has a message already.
  if (isWaiting && surface.cards.length === 0) await postNotice(showing);
  if (isWaiting && notice !== undefined && notice.shown !== hindranceShown(request)) await renewNotice(showing, notice);
  if (!isWaiting && notice?.ts !== undefined) await removeNotice(showing, notice.ts);
}

async function postNotice(showing: Showing): Promise<void> {
  const { request, surface, slack, headline, clusterShown, now } = showing;
  const { channel, thread } = surface;
  const message = requestCard({ request, headline, clusterShown, now: now() });
  const { ephemeralTo } = request.origin;
  const remember = (ts?: string) =>
    showing.save({
      posting: undefined,
      cards: [...surface.cards, { revision: NOTICE, ts, shown: hindranceShown(request) }],
    });
  if (ephemeralTo === undefined) {
    const { ts } = await postOnce(showing, NOTICE_PART, { channel, thread }, message);
    return remember(ts);
  }
  // What one person alone was told cannot be found again. The answer follows in any case, so it is told once at most.
  await remember();
  await tell(slack, { user: ephemeralTo, channel, thread }, message).catch(async (error: unknown) => {
    if (error instanceof RateLimited) await showing.save({ cards: surface.cards });
    throw error;
  });
}

/** What a notice says beyond that the request is being looked at; undefined where that is all. */
function hindranceShown({ hindrance }: Request): string | undefined {
  return hindrance && digestOf(hindrance);
}

/** The request is held up, or no longer: whoever waits for it has to see why. */
async function renewNotice(showing: Showing, { ts }: { ts: string | undefined }): Promise<void> {
  const { request, surface, slack, headline, clusterShown, now } = showing;
  const { channel, thread } = surface;
  const message = requestCard({ request, headline, clusterShown, now: now() });
  const { ephemeralTo } = request.origin;
  if (ts !== undefined) await updated(() => slack.chat.update({ channel, ts, ...message }));
  else if (ephemeralTo !== undefined && request.hindrance)
    await tell(slack, { user: ephemeralTo, channel, thread }, message);
  const shown = hindranceShown(request);
  await showing.save({ cards: surface.cards.map((card) => (card.revision === NOTICE ? { ...card, shown } : card)) });
}

async function removeNotice(showing: Showing, ts: string): Promise<void> {
  const { slack, surface } = showing;
  await updated(() => slack.chat.delete({ channel: surface.channel, ts }));
  const cards = surface.cards.map((card) => (card.revision === NOTICE ? { ...card, ts: undefined } : card));
  await showing.save({ cards });
}

/** A notice that Slack does not let opsbot touch (somebody deleted it, say) stays as it is. */
async function updated(call: () => Promise<WebAPICallResult>): Promise<void> {
  try {
    await callSlack(call);
  } catch (error) {
    if (slackCode(error) === undefined) throw error;
  }
}
