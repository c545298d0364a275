import type { Reading } from '../actions/action.ts';
import type { Identity } from './person.ts';
import type { Event, Gesture, Origin, Request } from './request.ts';

/**
 * What the hub can be asked: the one door through which gestures, timers and agents reach requests.
 * Every method is durable when it resolves. Errors: the domain errors; UnavailableError where Redis is away.
 */
export interface Ask {
  /** Key of the gesture: `<channel>.<ts>` for messages, the view id and what was entered for modals, `trigger_id` for slash commands, `<channel>.<ts>.<action_ts>` for buttons. The same key gives the same request. */
  gestureKey: string;
  cluster: string;
  action: string;
  input: unknown;
  reason: string | undefined;
  requester: string;
  origin: Origin;
  undoOf?: string | undefined;
}

export interface Ballot {
  id: string;
  /** What the person saw. */
  revision: number;
  user: string;
  gesture: Gesture;
}

/** `refused` is the sentence for the person; the request is as it is now. */
export type Answer = { request: Request; refused?: undefined } | { request: Request; refused: string };

export interface Requests {
  ask(ask: Ask): Promise<Request>;
  approve(ballot: Ballot): Promise<Answer>;
  /** A reaction was taken back. */
  withdraw(ballot: Ballot): Promise<Answer>;
  reject(ballot: Ballot & { reason: string }): Promise<Answer>;
  cancel(ballot: Pick<Ballot, 'id' | 'user'> & { reason: string }): Promise<Answer>;
  /** A person says how an execution of unknown outcome ended. */
  settle(ballot: Pick<Ballot, 'id' | 'user'> & { succeeded: boolean }): Promise<Answer>;
  /** A new request that takes this one back. Refused where there is nothing to undo. */
  undo(ask: { id: string; user: string; gestureKey: string; origin: Origin }): Promise<Answer>;
  /** NotFoundError where it is gone. */
  get(id: string): Promise<Request>;
  /** Requests shown in a thread, oldest first. */
  inThread(channel: string, thread: string): Promise<Request[]>;
  /** The request and revision that a message shows, for reactions; undefined for any other message. */
  shownBy(channel: string, ts: string): Promise<{ id: string; revision: number } | undefined>;
  /** Not yet ended, newest first. */
  open(limit: number): Promise<Request[]>;
  /** Newest first. */
  byRequester(user: string, limit: number): Promise<Request[]>;
  recent(limit: number): Promise<Request[]>;
}

/** Called after each commit, in the process that committed. */
export type CommitListener = (request: Request, events: readonly Event[]) => void;

/** What Slack knows about people; asked again at the release. Implemented in src/slack. */
export interface People {
  /** `member`: full member of the home workspace, not deactivated. */
  standing(user: string): Promise<'member' | 'guest' | 'stranger' | 'bot' | 'deactivated'>;
  isInChannel(user: string, channel: string): Promise<boolean>;
  /** For the record: never fails and keeps nobody waiting; empty where Slack does not tell. To be asked after `standing`. */
  whoIs(user: string): Promise<Identity>;
  /** `group`: id of a user group. Resolves names given as `@handle` too. */
  isInGroup(user: string, group: string): Promise<boolean>;
}

/** What the outbox calls; implemented in src/slack. Brings every surface of a request to its current state. */
export interface Notifier {
  /** RateLimited (retryAfter ms) and UnavailableError are tried again later; anything else is final for that surface. */
  show(id: string): Promise<void>;
}

/** Where the request's surfaces are, kept apart from the request because only the outbox writes it. */
export interface RequestSurface {
  channel: string;
  /** Root of the thread that carries the steps. */
  thread: string | undefined;
  /** One message for each revision; `ts` is unset while a post is under way or its answer was lost. */
  cards: { revision: number; ts: string | undefined; shown: string | undefined }[];
  /** How many of the request's steps the thread has. */
  told: number;
  /** Why it cannot be shown where it belongs: what Slack said, and where. */
  gone: string | undefined;
  /** Set with `gone`: the request's version and the time (ms) of the last try, and whether its requester knows. */
  loss?: { version: number; at: number; isTold: boolean } | undefined;
  /** What the requester sees of it in their direct messages, where they asked there or on Home. */
  copy?: { channel: string; ts: string; shown: string | undefined } | undefined;
  /** The revision whose message somebody deleted while it was to be voted on, and that was posted once more. */
  reposted?: number | undefined;
  /** Name of the post that is under way, stored before it is tried; where it is left over, the post may exist already. */
  posting?: string | undefined;
  /** A read's answer: file ids are stored before the upload completes. */
  answered: boolean;
  fileId: string | undefined;
}

/** One person's reactions to one message. */
export interface Reaction {
  channel: string;
  ts: string;
  user: string;
}

export interface Surfaces {
  get(id: string): Promise<RequestSurface | undefined>;
  /** Stores it; indexes thread and card messages for `inThread` and `shownBy`. */
  put(id: string, surface: RequestSurface): Promise<void>;
  /** Ids of the requests that a thread shows. */
  inThread(channel: string, thread: string): Promise<string[]>;
  /** What a message shows, if it is the card of a request. */
  shownBy(channel: string, ts: string): Promise<{ id: string; revision: number } | undefined>;
  /** Remembers that somebody deleted a message. */
  delete(channel: string, ts: string): Promise<void>;
  isDeleted(channel: string, ts: string): Promise<boolean>;
  /** A read's answer while it waits to be shown. */
  reading(id: string): Promise<Reading | undefined>;
  /** Remembers that a reaction was taken back, and when: its vote may not have been counted yet. `at`: Slack's timestamp. */
  takeBack(reaction: Reaction, at: string): Promise<void>;
  /** When a reaction of this person was taken back last; undefined where none was, lately. */
  takenBackAt(reaction: Reaction): Promise<string | undefined>;
}

/** Slack is not to be called before then; what was to be shown waits its turn, which is no failure. */
export class RateLimited extends Error {
  readonly retryAfterMs: number;
  constructor(retryAfterMs: number) {
    super(`Slack is to be left alone for ${retryAfterMs} ms`);
    this.retryAfterMs = retryAfterMs;
  }
}

/** What Slack takes of each method in each channel, known to all hubs. `channel` is undefined where a call has none. */
export interface Pace {
  /** ms until this call may be made; 0: now, and it counts as made. UnavailableError. */
  admit(method: string, channel: string | undefined): Promise<number>;
  /** Slack has answered 429, and wants this method to be left alone there for so long. */
  limited(method: string, channel: string | undefined, retryAfterMs: number): Promise<void>;
}

/** Who looks at App Home, what they filter by, and what they were last shown. Shared by all hub replicas. */
export interface HomeVisitors {
  /** Remembers that this person opened Home now. */
  opened(user: string): Promise<void>;
  /** People who opened Home within the last `withinMs`. */
  recent(withinMs: number): Promise<string[]>;
  /** The remembered namespace; undefined for all. */
  filter(user: string): Promise<string | undefined>;
  setFilter(user: string, namespace: string | undefined): Promise<void>;
  /** What they were last shown, or who is about to show them something; undefined: nothing that still counts. */
  shown(user: string): Promise<string | undefined>;
  /** Replaces what `shown` gives, if it is still `from`; false where somebody else was quicker. */
  replaceShown(user: string, from: string | undefined, to: string): Promise<boolean>;
  /** What they see is not known any more: it is published in any case. */
  forgetShown(user: string): Promise<void>;
}

/** What is to be brought up to date soon, and is tried until Slack has taken it, by whichever hub comes first. */
export interface Outbox {
  show(request: string): Promise<void>;
  showHome(user: string): Promise<void>;
}
