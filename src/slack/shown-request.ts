import type { Request } from '../requests/request.ts';
import { cardPart, revisionIn } from './card-part.ts';
import type { FrontDesk } from './front-desk.ts';
import { findPost, namedIn, type Posted, partIn } from './post-once.ts';
import { subjectOf } from './showing.ts';
import { callSlack, slackCode } from './slack-errors.ts';

/**
 * Slack shows a message a moment before its ts is stored here, and after a crash in between it stays so for a while.
 * Whoever acts in that moment acts on a message of ours all the same: its metadata says what it shows.
 */

/** The request and revision that a message shows. `author`: who wrote it; only our own messages are looked at. */
export async function requestShownBy(
  front: FrontDesk,
  message: { channel: string; ts: string; author: string | undefined },
): Promise<{ id: string; revision: number } | undefined> {
  const { channel, ts } = message;
  const known = await front.requests.shownBy(channel, ts);
  if (known || message.author !== front.bot().userId) return known;
  const named = namedIn((await read(front, channel, ts)) ?? {}, 'request');
  const revision = revisionIn(named?.part ?? '');
  return named && revision !== undefined ? { id: named.id, revision } : undefined;
}

async function read(front: FrontDesk, channel: string, ts: string): Promise<Posted | undefined> {
  // The message that began the thread is answered in any case, before the one that is asked for.
  const query = { channel, ts, oldest: ts, latest: ts, inclusive: true, limit: 10, include_all_metadata: true };
  try {
    const { messages } = await callSlack(() => front.slack.conversations.replies(query));
    return ((messages ?? []) as Posted[]).find((message) => message.ts === ts);
  } catch (error) {
    if (slackCode(error) === undefined) throw error;
    return undefined;
  }
}

/** The requests of a thread, oldest first. `rootAuthor`: who wrote the message that began it. */
export async function requestsInThread(
  front: FrontDesk,
  thread: { channel: string; ts: string; rootAuthor: string | undefined },
): Promise<Request[]> {
  const { channel, ts, rootAuthor } = thread;
  const known = await front.requests.inThread(channel, ts);
  const root = known.length === 0 ? await requestShownBy(front, { channel, ts, author: rootAuthor }) : undefined;
  return root ? [await front.requests.get(root.id)] : known;
}

/** The ts of the message that shows the newest plan of a request; undefined while there is none. */
export async function newestCard(front: FrontDesk, request: Request): Promise<string | undefined> {
  const surface = await front.surfaces.get(request.id);
  const stored = surface?.cards.find(({ revision }) => revision === request.revision);
  const part = cardPart(request.revision);
  if (stored || surface?.posting !== part) return stored?.ts;
  const subject = subjectOf(request);
  return findPost({ slack: front.slack, subject }, surface, (message) => partIn(message, subject) === part);
}
