import { AsyncLocalStorage } from 'node:async_hooks';
import { type TracingChannel, tracingChannel } from 'node:diagnostics_channel';

/**
 * Work that is worth measuring, told on Node's diagnostics channels (`opsbot:<kind>`): whoever does it names it, and
 * metrics, traces and the log listen. Where nobody listens it costs next to nothing. The facts may be added to while
 * the work goes on; listeners read them when it ends.
 */
export interface Facts {
  /** Something that a person did in Slack, until its listeners are done. */
  gesture: {
    /** Slack's type of the payload: `app_mention`, `block_actions`, `view_submission`, `command`, … */
    kind: string;
    /** ms from its arrival until Slack had its answer; absent until then. */
    ackedAfter?: number;
    /** `refused`: the person was told why not; `failed`: that it could not be done. Absent: done. */
    outcome?: 'refused' | 'failed';
    /** Why, where it was refused by an answer and not by an error, which is logged. */
    reason?: string;
  } & About &
    Origin;
  /** An agent carries out an order. */
  order: {
    type: 'plan' | 'execute';
    action: string;
    effect: 'read' | 'change' | undefined;
    cluster: string;
    /** Absent: this process stopped, and another goes on with it. */
    outcome?: OrderOutcome;
  } & About &
    Origin;
  /** What a worker does with a job of one of the hub's queues. */
  job: {
    queue: string;
    /** Which of the queue’s jobs it is. */
    name?: string;
  } & About &
    Origin;
  /** A call of the Web API. */
  slackCall: {
    /** `chat.postMessage` */
    method: string;
  };
  /** A call of the API server; of a watch, until the answer begins. */
  clusterCall: {
    verb: string;
    /** HTTP's for that verb. */
    method: string;
    resource: string;
    subresource: string | undefined;
    namespace: string | undefined;
    /** Of the answer; absent where there was none. */
    status?: number;
  };
}

/** What the work is about, as soon as that is known. */
export interface About {
  request?: string | undefined;
  incident?: string | undefined;
  /** Of the request. */
  action?: string | undefined;
  cluster?: string | undefined;
  namespace?: string | undefined;
}

/** Which spans it goes back to, each as W3C Trace Context writes it (`traceparent`). */
export interface Origin {
  /** What it is part of. */
  cause?: string | undefined;
  /** What led to it in a trace of its own, perhaps hours ago: the gestures that asked and voted. */
  links?: readonly string[] | undefined;
}

/** `drifted`: nothing was done, the plan is outdated. `unknown`: nobody can tell whether it was done. */
export type OrderOutcome = 'planned' | 'succeeded' | 'failed' | 'drifted' | 'unknown';

export type Work = keyof Facts;

/** What a listener gets: the facts, and how it ended. */
export type Told<W extends Work> = Facts[W] & { result?: unknown; error?: unknown };

const channels = new Map<Work, TracingChannel<object>>();

/** The channel on which one kind of work is told. */
export function channelOf<W extends Work>(work: W): TracingChannel<unknown, Told<W>> {
  const channel = channels.get(work) ?? tracingChannel<object>(`opsbot:${work}`);
  channels.set(work, channel);
  return channel as unknown as TracingChannel<unknown, Told<W>>;
}

export const WORK = ['gesture', 'order', 'job', 'slackCall', 'clusterCall'] as const satisfies readonly Work[];

/** Work within which everything is about the same request or incident. */
const SCOPES: ReadonlySet<Work> = new Set(['gesture', 'order', 'job']);
const scope = new AsyncLocalStorage<About & Origin>();

/** A span that is under way. */
export interface UnderWay {
  readonly traceparent: string;
  /** Something is or will be part of it. */
  isFollowed: boolean;
}

/** The span under way; tracing sets it, where it is on. */
export const spans = new AsyncLocalStorage<UnderWay | undefined>();

/** Does it, and tells of it. Gives and throws what it gives and throws. */
export function during<W extends Work, T>(work: W, facts: Facts[W], run: (facts: Facts[W]) => Promise<T>): Promise<T> {
  const tell = () => channelOf(work).tracePromise(() => run(facts), facts as Told<W>);
  return isScope(work) ? scope.run(facts as About & Origin, tell) : tell();
}

/** What the work under way is about, as far as it is known; undefined outside of any. */
export function currentlyAbout(): About | undefined {
  return scope.getStore();
}

/** From here on the work under way is known to be about this, and to go back to that. */
export function concerning(about: About & Origin): void {
  const known = scope.getStore();
  if (known) Object.assign(known, about);
}

/** How the gesture or order under way came out, and why; where that is said again, the last word counts. */
export function cameTo(outcome: NonNullable<Facts['gesture' | 'order']['outcome']>, reason?: string): void {
  const known = scope.getStore();
  if (known) Object.assign(known, { outcome, ...(reason === undefined ? {} : { reason }) });
}

/** Does something about this, within other work or none. */
export function regarding<T>(about: About, run: () => T): T {
  return scope.run({ ...about }, run);
}

/** Does something that the work under way only happened to set off: it is not about the same. */
export function apart<T>(run: () => T): T {
  return scope.exit(() => spans.exit(run));
}

/** True of the work that others go on within: a gesture, an order, a job. */
export function isScope(work: Work): boolean {
  return SCOPES.has(work);
}

/** The span under way, for what will be part of it or go back to it; undefined where nothing is traced. */
export function traceparent(): string | undefined {
  const span = spans.getStore();
  if (span) span.isFollowed = true;
  return span?.traceparent;
}
