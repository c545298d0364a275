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
  /** Where the channel cannot be used any more: what Slack said. */
  gone: string | undefined;
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
  /** A read's answer while it waits to be shown. */
  reading(id: string): Promise<Reading | undefined>;
  /** Remembers that a reaction was taken back, and when: its vote may not have been counted yet. `at`: Slack's timestamp. */
  takeBack(reaction: Reaction, at: string): Promise<void>;
  /** When a reaction of this person was taken back last; undefined where none was, lately. */
  takenBackAt(reaction: Reaction): Promise<string | undefined>;
}

export class RateLimited extends Error {
  readonly retryAfterMs: number;
  constructor(retryAfterMs: number) {
    super(`Slack asks to wait ${retryAfterMs} ms`);
    this.retryAfterMs = retryAfterMs;
  }
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
  /** True where `digest` differs from what was published last, and stores it: one replica publishes, once. */
  claim(user: string, digest: string): Promise<boolean>;
}
