import { InputError, NotAllowedError } from '../errors.ts';
import type { Request } from '../requests/request.ts';
import type { Answer } from '../requests/requests.ts';
import { stateSentence } from '../requests/transition.ts';
import type { FrontDesk } from './front-desk.ts';
import { newestCard, requestsInThread } from './shown-request.ts';

/** A vote in words. */
export interface Word {
  verdict: 'approve' | 'reject' | 'cancel';
  id: string | undefined;
  why: string | undefined;
  user: string;
  channel: string;
  thread: string | undefined;
  /** Who wrote the message that began the thread, where Slack says so. */
  rootAuthor: string | undefined;
  /** Slack's timestamp of the message; absent for a slash command, which has none. */
  ts: string | undefined;
}

/** Requests that a word without an id may have meant, at most. */
const LISTED = 10;

/**
 * A typed word counts only where it is beyond doubt what it is about: one request is pending in its thread (or it names
 * the id), and the plan that would be executed was posted before the word was typed. Otherwise the errors say what to type.
 */
export async function voteByWord(front: FrontDesk, word: Word): Promise<Answer> {
  const request = word.id === undefined ? await onlyOneInThread(front, word) : await front.requests.get(word.id);
  const { id, revision } = request;
  const why = word.why ?? '';
  const ballot = { id, revision, user: word.user, gesture: word.id === undefined ? 'typed' : 'command' } as const;
  const isTakenBack = word.verdict === 'reject' && word.user === request.requester;
  if (word.verdict === 'cancel' || isTakenBack) return front.requests.cancel({ id, user: word.user, reason: why });
  // A plan that comes in from here on is not the one that the word was about.
  if (request.state !== 'pending') return { request, refused: stateSentence(request.state) };
  await requireShownBefore(front, request, word);
  return word.verdict === 'approve'
    ? front.requests.approve(ballot)
    : front.requests.reject({ ...ballot, reason: why });
}

async function onlyOneInThread(front: FrontDesk, word: Word): Promise<Request> {
  const { channel, thread, rootAuthor } = word;
  const here = thread === undefined ? [] : await requestsInThread(front, { channel, ts: thread, rootAuthor });
  const meant = here.filter((request) => isMeant(request, word.verdict));
  const [only] = meant;
  if (only && meant.length === 1) return only;
  if (meant.length > 1) throw ambiguous(word, meant);
  const last = here.at(-1);
  if (last) throw new NotAllowedError(stateSentence(last.state));
  const open = (await front.requests.open(LISTED)).filter((request) => isMeant(request, word.verdict));
  throw open.length > 0 ? ambiguous(word, open) : new InputError('No request is waiting for a decision.');
}

function isMeant(request: Request, verdict: Word['verdict']): boolean {
  if (request.effect !== 'change') return false;
  if (request.state === 'pending') return true;
  return verdict === 'cancel' && (request.state === 'approved' || request.state === 'received');
}

function ambiguous(word: Word, requests: readonly Request[]): InputError {
  const lines = requests.slice(0, LISTED).map((request) => `${word.verdict} ${request.id}`);
  return new InputError('It is not clear which request this is about.', {
    advice: `Say which one: ${lines.join(', ')}.`,
  });
}

async function requireShownBefore(front: FrontDesk, request: Request, word: Word): Promise<void> {
  const card = await newestCard(front, request);
  if (card !== undefined && (word.ts === undefined || isBefore(card, word.ts))) return;
  throw new NotAllowedError('The plan of this request has changed, and you had not seen the new one.', {
    advice: 'Look at its newest message, then say it again.',
  });
}

/** Slack's timestamps: seconds, a point, six digits that order messages within the second. */
export function isBefore(a: string, b: string): boolean {
  const [secondsA = '', restA = ''] = a.split('.');
  const [secondsB = '', restB = ''] = b.split('.');
  const seconds = Number(secondsA) - Number(secondsB);
  return seconds === 0 ? Number(restA) < Number(restB) : seconds < 0;
}
