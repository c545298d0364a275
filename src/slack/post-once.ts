import type { Showing } from './showing.ts';
import { callSlack, slackCode } from './slack-errors.ts';
import type { Words } from './tell.ts';

/** What matters of a message that Slack has. */
export interface Posted {
  ts?: string;
  metadata?: { event_type?: string; event_payload?: unknown };
  files?: { id?: string }[];
}

export interface Where {
  channel: string;
  thread?: string | undefined;
}

const EVENT_TYPE = 'opsbot_request';
/** Slack's clocks and ours may differ by so much, in ms. */
const CLOCK_SKEW_MS = 60_000;
/** Pages of a busy channel that are looked through for a post whose answer was lost. */
const PAGES = 5;

/**
 * Posts a message about a request, or finds that it is there (not `isNew`). `part` names it (`card-2`, `step-4`, `answer`): that name is stored
 * before the attempt, so that after a crash or a lost answer the post is looked for before it is made again.
 */
export async function postOnce(
  showing: Showing,
  part: string,
  where: Where,
  words: Words,
): Promise<{ ts: string; isNew: boolean }> {
  const { slack, surface, request } = showing;
  if (surface.posting === part) {
    const found = await findPost(showing, where, (message) => isPart(message, request.id, part));
    if (found) return { ts: found, isNew: false };
  }
  await showing.save({ posting: part });
  const posted = await callSlack(() =>
    slack.chat.postMessage({
      channel: where.channel,
      ...(where.thread === undefined ? {} : { thread_ts: where.thread }),
      ...words,
      unfurl_links: false,
      unfurl_media: false,
      metadata: metadataOf(request.id, part),
    }),
  ).catch((error: unknown) => refused(showing, error));
  return { ts: posted.ts ?? '', isNew: true };
}

/** A refusal is an answer: nothing was posted, so there is nothing to look for next time. */
async function refused(showing: Showing, error: unknown): Promise<never> {
  if (slackCode(error) !== undefined) await showing.save({ posting: undefined });
  throw error;
}

export function metadataOf(request: string, part: string) {
  return { event_type: EVENT_TYPE, event_payload: { request, part } };
}

function isPart(message: Posted, request: string, part: string): boolean {
  const named = partIn(message);
  return named?.request === request && named.part === part;
}

/** Which part of which request a message is, by the metadata it was posted with. */
export function partIn({ metadata }: Posted): { request: string; part: string } | undefined {
  const { request, part } = (metadata?.event_payload ?? {}) as { request?: unknown; part?: unknown };
  if (metadata?.event_type !== EVENT_TYPE || typeof request !== 'string' || typeof part !== 'string') return undefined;
  return { request, part };
}

/** The ts of the newest message, in the thread or the channel, since the request was made, that `fits`. */
export async function findPost(
  { slack, request }: Pick<Showing, 'slack' | 'request'>,
  { channel, thread }: Where,
  fits: (message: Posted) => boolean,
): Promise<string | undefined> {
  const oldest = String((request.createdAt - CLOCK_SKEW_MS) / 1000);
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const query = { channel, oldest, limit: 200, include_all_metadata: true, ...(cursor ? { cursor } : {}) };
    const answer = await callSlack(() =>
      thread === undefined ? slack.conversations.history(query) : slack.conversations.replies({ ...query, ts: thread }),
    );
    const found = ((answer.messages ?? []) as Posted[]).find(fits);
    if (found?.ts) return found.ts;
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return undefined;
  }
  return undefined;
}
