import { DomainError, NotAllowedError, NotFoundError, UnavailableError } from '../errors.ts';
import { type ApiStatus, BusyError, errorOf, GoneError } from './api-error.ts';
import { type Clock, pause, systemClock } from './clock.ts';
import { type ChangeHandler, createCollection, type Projected } from './collection.ts';
import { jsonLines } from './json-lines.ts';
import { listEach } from './list-pages.ts';
import { type Logger, silentLogger } from './logger.ts';
import type { RawObject } from './raw.ts';
import type { ResourceType } from './resources.ts';
import type { Rest } from './rest.ts';
import { restartAfter, type WatchRestart } from './watch-restart.ts';
import { backoff, WATCH_TIMINGS, type WatchTimings, watchSeconds } from './watch-timings.ts';
import { createWatchdog } from './watchdog.ts';

export interface ListWatchOptions<T extends Projected> {
  rest: Rest;
  type: ResourceType;
  /** Absent: all. */
  namespace?: string | undefined;
  /** What to keep of an object; undefined: nothing. */
  project(raw: unknown): T | undefined;
  onChange: ChangeHandler<T>;
  /** `ready`, `problem` or `denied` has changed. */
  onState?: (() => void) | undefined;
  /** The list or the watch of this resource begins anew. */
  onRestart?: ((resource: string, reason: WatchRestart) => void) | undefined;
  /** It is fine not to have the right to list it, or not to have it at all. */
  optional?: boolean | undefined;
  /** Objects asked for at a time. */
  pageSize?: number | undefined;
  timings?: Partial<WatchTimings> | undefined;
  clock?: Clock | undefined;
  logger?: Logger | undefined;
}

export interface ListWatch {
  /** What it watches. */
  target: Pick<ListWatchOptions<Projected>, 'type' | 'namespace'>;
  /** Keeps the collection current until the signal aborts. Never rejects. To be called once. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves once a list was complete, or was denied. Stays pending where it is stopped before. */
  ready: Promise<void>;
  isReady(): boolean;
  /** It may not be listed, or is optional and does not exist. Where it is needed, `problem` says so. */
  isDenied(): boolean;
  /** ms since the epoch: the collection is known to have been right then. 0 before the first list. */
  asOf(): number;
  /** What keeps it from being current, for people. */
  problem(): string | undefined;
}

/** After so many failures in a row the watch's place in history may be what is wrong: list again. */
const FAILURES_BEFORE_RELIST = 3;

/** Lists a resource collection page by page, then watches it; whatever goes wrong, goes on. */
export function createListWatch<T extends Projected>(options: ListWatchOptions<T>): ListWatch {
  const { rest, type, namespace, optional = false, pageSize = 500, clock = systemClock } = options;
  const { logger = silentLogger, onState = () => {}, onRestart = () => {} } = options;
  const timings = { ...WATCH_TIMINGS, ...options.timings };
  const target = { type, namespace };
  const collection = createCollection({ project: options.project, onChange: options.onChange, logger });
  const firstList = Promise.withResolvers<void>();

  let phase: 'list' | 'watch' = 'list';
  /** resourceVersion that the collection reflects; undefined: list first. */
  let cursor: string | undefined;
  let failures = { list: 0, watch: 0 };
  let asOf = 0;
  let isReady = false;
  let isDenied = false;
  let problem: string | undefined;

  function setState(state: { ready?: boolean; denied?: boolean; problem: string | undefined }): void {
    const { ready = isReady, denied = isDenied } = state;
    if (ready === isReady && denied === isDenied && state.problem === problem) return;
    [isReady, isDenied, problem] = [ready, denied, state.problem];
    if (isReady) firstList.resolve();
    onState();
  }

  async function list(signal: AbortSignal): Promise<string> {
    const startedAt = clock.now();
    const relist = collection.relist();
    const version = await listEach(rest, { ...target, pageSize, signal }, relist.put);
    relist.finish();
    asOf = startedAt;
    failures.list = 0;
    setState({ ready: true, denied: false, problem: failures.watch === 0 ? undefined : problem });
    return version;
  }

  async function watch(signal: AbortSignal): Promise<void> {
    const watchdog = createWatchdog(clock, timings.inactivity, signal);
    const startedAt = clock.monotonic();
    const from = cursor;
    let events = 0;
    try {
      const query = {
        watch: true,
        allowWatchBookmarks: true,
        resourceVersion: cursor,
        timeoutSeconds: watchSeconds(timings, clock),
      };
      const body = await rest.open({ ...target, verb: 'watch', query, signal: watchdog.signal });
      setState({ problem: undefined });
      for await (const event of jsonLines(body)) {
        if (signal.aborted) return;
        watchdog.heard();
        take(event, from);
        events += 1;
        failures.watch = 0;
        asOf = clock.now();
      }
    } finally {
      const isSilent = watchdog.signal.aborted;
      watchdog.stop();
      // Not even a bookmark: perhaps the server waits to get to this version, its data being from a backup.
      if (isSilent && events === 0) cursor = undefined;
      else if (clock.monotonic() - startedAt >= timings.settled) failures.watch = 0;
    }
    // The usual end is the server's time limit. One that comes at once must not become a busy loop.
    if (events === 0 && clock.monotonic() - startedAt < timings.settled) {
      throw new UnavailableError(`The API server ends the watch of ${type.resource} as soon as it begins.`);
    }
  }

  /** `from`: where the watch began. */
  function take(event: unknown, from: string | undefined): void {
    const { type: kind, object } = event as { type?: string; object?: RawObject & ApiStatus };
    const version = object?.metadata?.resourceVersion;
    if ((compareVersions(version, from) ?? 0) < 0) throw wentBack();
    switch (kind) {
      case 'BOOKMARK':
        break;
      case 'ADDED':
      case 'MODIFIED':
        // Told again: what is known is as new, or newer.
        if (!isAfter(version, cursor)) return;
        collection.put(object);
        break;
      case 'DELETED':
        collection.remove(object);
        break;
      default:
        throw reported(object ?? {});
    }
    if (version !== undefined && isAfter(version, cursor)) cursor = version;
  }

  /** A watch tells only what comes after its beginning, unless the server’s data was restored from a backup. */
  function wentBack(): Error {
    cursor = undefined;
    return new UnavailableError(`The API server has gone back in the history of ${type.resource}.`);
  }

  function reported(status: ApiStatus): Error {
    cursor = undefined;
    const isGone = status.code === 410 || status.reason === 'Expired' || status.reason === 'Gone';
    return errorOf({ ...target, verb: 'watch' }, isGone ? 410 : (status.code ?? 500), status);
  }

  function recover(error: unknown, signal: AbortSignal): Promise<void> {
    const isRefused = error instanceof NotAllowedError;
    if (optional && phase === 'list' && (isRefused || error instanceof NotFoundError)) return doWithout(error, signal);
    failures[phase] += 1;
    return isRefused ? recoverFromRefusal(error, signal) : recoverFromFailure(error, signal);
  }

  async function recoverFromFailure(error: unknown, signal: AbortSignal): Promise<void> {
    const count = failures[phase];
    const isLasting = !(error instanceof BusyError);
    if (error instanceof GoneError || (isLasting && count % FAILURES_BEFORE_RELIST === 0)) cursor = undefined;
    logger.warn({ err: error, resource: type.resource, namespace, failures: count }, `the ${phase} broke off`);
    // A single interruption is everyday life and nobody's concern.
    if (count > 1 || !isReady) setState({ problem: wordsFor(error) });
    if (error instanceof GoneError && count === 1) return;
    return pause(clock, backoff(timings, clock, count, error), signal);
  }

  function doWithout(error: NotAllowedError | NotFoundError, signal: AbortSignal): Promise<void> {
    logger.info({ err: error, resource: type.resource, namespace }, 'not to be had; opsbot does without');
    collection.relist().finish();
    failures = { list: 0, watch: 0 };
    asOf = clock.now();
    setState({ ready: true, denied: true, problem: undefined });
    return pause(clock, timings.recheck, signal);
  }

  /**
   * The other lists do not wait for one that is needed and may not be read. What was known of it is kept: that opsbot may
   * not look any more does not mean that it is gone. Where only watching is not allowed, it is listed again and again.
   */
  function recoverFromRefusal(error: NotAllowedError, signal: AbortSignal): Promise<void> {
    const count = failures[phase];
    if (count === 1) logger.warn({ err: error, resource: type.resource, namespace }, `the ${phase} is not allowed`);
    // What is kept grows old; of what was never read, nothing is known by now.
    if (asOf === 0) asOf = clock.now();
    cursor = undefined;
    setState({ ready: true, denied: phase === 'list', problem: error.message });
    return pause(clock, backoff(timings, clock, count, error), signal);
  }

  function wordsFor(error: unknown): string {
    return error instanceof DomainError ? error.message : `The watch of ${type.resource} has failed.`;
  }

  return {
    target,
    async run(signal) {
      while (!signal.aborted) {
        try {
          phase = 'list';
          cursor ??= await list(signal);
          phase = 'watch';
          await watch(signal);
          if (!signal.aborted) onRestart(type.resource, 'ended');
        } catch (error) {
          if (signal.aborted) return;
          onRestart(type.resource, restartAfter(error));
          await recover(error, signal);
        }
      }
    },
    ready: firstList.promise,
    isReady: () => isReady,
    isDenied: () => isDenied,
    asOf: () => asOf,
    problem: () => problem,
  };
}

/** Where nothing is known, everything is taken. */
function isAfter(version: string | undefined, known: string | undefined): boolean {
  return (compareVersions(version, known) ?? 1) > 0;
}

/** Below, equal to or above 0. Versions are counted up by the API server; undefined where they are no numbers. */
function compareVersions(a: string | undefined, b: string | undefined): number | undefined {
  if (a === undefined || b === undefined || !/^\d+$/.test(a) || !/^\d+$/.test(b)) return undefined;
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}
