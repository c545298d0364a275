import type { Message } from '../../views/blocks.ts';
import { requestCard } from '../../views/request.ts';
import type { Request } from '../requests/request.ts';
import type { RequestSurface } from '../requests/requests.ts';
import { cardPart } from './card-part.ts';
import { digestOf } from './message-digest.ts';
import { metadataOf, postOnce } from './post-once.ts';
import type { Showing } from './showing.ts';
import { callSlack, isThreadGone, slackCode } from './slack-errors.ts';

type Card = RequestSurface['cards'][number];

/** A read that nobody has to allow is answered without a card; one that went wrong, or waits for somebody, has one. */
export function needsCard(request: Request, cards: readonly Card[]): boolean {
  const { effect, state, revision } = request;
  if (cards.some((card) => card.revision === revision)) return true;
  // Whoever asked to be answered alone is, unless somebody has to approve.
  if (request.origin.ephemeralTo !== undefined && state !== 'pending') return false;
  switch (state) {
    case 'received':
    case 'proposed':
    case 'stale':
      return false;
    case 'invalid':
      // The first plan's failure is an answer to whoever asked; later ones concern everybody who saw the request.
      return cards.some((card) => card.revision > 0);
    case 'approved':
    case 'executing':
    case 'succeeded':
      return effect === 'change';
    default:
      return true;
  }
}

/** Every revision has a message of its own. Replaced ones lose their buttons before the new one is posted. */
export async function showCards(showing: Showing): Promise<void> {
  const { request } = showing;
  for (const card of showing.surface.cards.filter(({ revision }) => revision > 0)) await updateCard(showing, card);
  await repostIfDeleted(showing);
  const isPosted = showing.surface.cards.some(({ revision }) => revision === request.revision);
  if (!isPosted && needsCard(request, showing.surface.cards)) await postCard(showing);
}

/**
 * Somebody deleted the message that is to be voted on: nobody could approve there, nor see what for. So it comes once
 * more; whoever deletes that one, too, does not want it there.
 */
async function repostIfDeleted(showing: Showing): Promise<void> {
  const { request, surface, surfaces } = showing;
  const card = surface.cards.find(({ revision }) => revision === request.revision);
  if (request.state !== 'pending' || card?.ts === undefined || surface.reposted === card.revision) return;
  if (!(await surfaces.isDeleted(surface.channel, card.ts))) return;
  await showing.save({
    cards: surface.cards.filter((one) => one !== card),
    thread: surface.thread === card.ts ? undefined : surface.thread,
    reposted: card.revision,
  });
}

async function postCard(showing: Showing): Promise<void> {
  const { request, surface } = showing;
  const { channel, thread } = surface;
  const message = render(showing, request.revision);
  const part = cardPart(request.revision);
  const posted = await postOnce(showing, part, { channel, thread }, message).catch((error: unknown) => {
    if (thread === undefined || !isThreadGone(error)) throw error;
  });
  if (!posted) {
    // Whoever asked has deleted what they wrote; the request stands on its own then.
    await showing.save({ thread: undefined });
    return postCard(showing);
  }
  const { ts, isNew } = posted;
  // One that was found instead of posted may show an older state.
  const card: Card = { revision: request.revision, ts, shown: isNew ? digestOf(message) : undefined };
  await showing.save({ posting: undefined, thread: thread ?? ts, cards: [...surface.cards, card] });
  if (!isNew) await updateCard(showing, card);
}

async function updateCard(showing: Showing, card: Card): Promise<void> {
  const { slack, surface, request } = showing;
  const { ts } = card;
  const message = render(showing, card.revision);
  const digest = digestOf(message);
  if (ts === undefined || card.shown === digest) return;
  const metadata = metadataOf(showing.subject, cardPart(card.revision));
  try {
    await callSlack(() => slack.chat.update({ channel: surface.channel, ts, ...message, metadata }));
  } catch (error) {
    // Somebody deleted the message, or an admin forbids editing: there is nothing of ours left to keep true.
    if (!UNCHANGEABLE.has(slackCode(error) ?? '')) throw error;
    if (slackCode(error) === 'message_not_found') await showing.surfaces.delete(surface.channel, ts);
    showing.log.warn({ request: request.id, err: error }, 'a request’s message cannot be updated');
  }
  const cards = surface.cards.map((one) => (one.revision === card.revision ? { ...one, shown: digest } : one));
  await showing.save({ cards });
}

const UNCHANGEABLE = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);

function render({ request, headline, undoable, clusterShown, now }: Showing, revision: number): Message {
  return requestCard({ request, revision, headline, undoable, clusterShown, now: now() });
}
