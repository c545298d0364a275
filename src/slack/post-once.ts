import type { WebClient } from '@slack/web-api';
import { RateLimited } from '../requests/requests.ts';
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
  /** A reply in the thread that the channel shows, too. */
  isForAll?: boolean;
}

/** What a message is about; `since`: none of its messages is older, in ms since the epoch. */
export interface Subject {
  type: 'request' | 'incident' | 'checkpoint';
  id: string;
  since: number;
}

/** Somebody who posts about a subject and keeps in mind which post is under way. */
export interface Poster {
  readonly subject: Subject;
  readonly surface: { posting?: string | undefined };
  save(change: { posting: string | undefined }): Promise<void>;
  slack: WebClient;
}

/** Slack's clocks and ours may differ by so much, in ms; as much as “Verifying requests from Slack” lets them. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** Pages of a busy channel that are looked through for a post whose answer was lost. */
const PAGES = 5;

/**
 * Posts a message about a subject, or finds that it is there (not `isNew`). `part` names it (`card-2`, `step-4`, `answer`):
 * that name is stored before the attempt, so that after a crash or a lost answer the post is looked for before it is made
 * again.
 */
export async function postOnce(
  poster: Poster,
  part: string,
  where: Where,
  words: Words,
): Promise<{ ts: string; isNew: boolean }> {
  const { slack, surface, subject } = poster;
  if (surface.posting === part) {
    const found = await findPost(poster, where, (message) => partIn(message, subject) === part);
    if (found) return { ts: found, isNew: false };
  }
  await poster.save({ posting: part });
  const posted = await callSlack(() =>
    slack.chat.postMessage({
      channel: where.channel,
      ...inThread(where),
      ...words,
      unfurl_links: false,
      unfurl_media: false,
      metadata: metadataOf(subject, part),
    }),
  ).catch((error: unknown) => refused(poster, error));
  return { ts: posted.ts ?? '', isNew: true };
}

function inThread({ thread, isForAll }: Where) {
  if (thread === undefined) return {};
  return isForAll ? { thread_ts: thread, reply_broadcast: true as const } : { thread_ts: thread };
}

/** A refusal is an answer, and so is “later”: nothing was posted, so there is nothing to look for next time. */
async function refused(poster: Poster, error: unknown): Promise<never> {
  if (slackCode(error) !== undefined || error instanceof RateLimited) await poster.save({ posting: undefined });
  throw error;
}

/** `{ event_type: 'opsbot_request', event_payload: { request: 'r-k7m2q', part: 'card-2' } }` */
export function metadataOf({ type, id }: Pick<Subject, 'type' | 'id'>, part: string) {
  return { event_type: `opsbot_${type}`, event_payload: { [type]: id, part } };
}

/** Which part of the subject a message is, by the metadata it was posted with; undefined where it is none. */
export function partIn(message: Posted, { type, id }: Subject): string | undefined {
  const named = namedIn(message, type);
  return named?.id === id ? named.part : undefined;
}

/** Which part of what a message is, by the metadata it was posted with. */
export function namedIn({ metadata }: Posted, type: Subject['type']): { id: string; part: string } | undefined {
  const { [type]: id, part } = (metadata?.event_payload ?? {}) as Record<string, unknown>;
  if (metadata?.event_type !== `opsbot_${type}` || typeof id !== 'string' || typeof part !== 'string') return undefined;
  return { id, part };
}

/** The ts of the newest message, in the thread or the channel, since the subject came up, that `fits`. */
export async function findPost(
  { slack, subject }: Pick<Poster, 'slack' | 'subject'>,
  { channel, thread }: Where,
  fits: (message: Posted) => boolean,
): Promise<string | undefined> {
  const oldest = String((subject.since - CLOCK_SKEW_MS) / 1000);
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
