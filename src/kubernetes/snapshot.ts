import { createAnnouncer } from './announcer.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Logger, silentLogger } from './logger.ts';
import { namespaceScope } from './namespace-scope.ts';
import { refusalWords, unseenNamespaces } from './refusals.ts';
import type { Rest } from './rest.ts';
import type { SignsReader } from './signs.ts';
import { createSignsReader, type SignsState } from './signs-reader.ts';
import type { ClusterSnapshot, Shortfall, SnapshotReader } from './snapshot-reader.ts';
import { createSnapshotTables, namespacesSeen } from './snapshot-tables.ts';
import { createSnapshotWatches } from './snapshot-watches.ts';
import type { WatchRestart } from './watch-restart.ts';
import type { WatchTimings } from './watch-timings.ts';

export interface SnapshotOptions {
  rest: Rest;
  /** The cluster's name in opsbot's configuration. */
  cluster: string;
  /** Names and patterns; `["*"]`: all. A pattern makes it watch the whole cluster. */
  namespaces: readonly string[];
  logger?: Logger | undefined;
  clock?: Clock | undefined;
  timings?: Partial<WatchTimings> | undefined;
  /** Objects asked for at a time. */
  pageSize?: number | undefined;
  /** A list or a watch of this resource begins anew. */
  onRestart?: ((resource: string, reason: WatchRestart) => void) | undefined;
}

/** How well one resource is watched, in one namespace or in all. */
export interface WatchState {
  /** Plural. */
  resource: string;
  /** It may not be read. */
  isDenied: boolean;
  /** ms since the epoch: what is known of it was right then. 0 before it was first read. */
  asOf: number;
}

export interface LiveSnapshot {
  /** From the start: `complete` says whether it is whole yet. */
  reader: SnapshotReader;
  /** What shows trouble, as `reader` has it. */
  signs: SignsReader;
  watches(): WatchState[];
  /** Why something that may be read is not heard of just now; undefined where all is well. */
  away(): string | undefined;
  /** Begins to watch. To be called once. */
  start(signal: AbortSignal): void;
  /** From now on the snapshot says so. */
  setShortfalls(shortfalls: readonly Shortfall[]): void;
  /** Resolves once every list was complete, or was found not to be allowed. Stays pending where it is stopped before. */
  ready: Promise<void>;
  /** Stops watching; resolves when everything has ended. */
  close(): Promise<void>;
}

const ANNOUNCE_MS = 1000;
const ANNOUNCE_SIGNS_MS = 100;

/** Keeps a small picture of the cluster current. */
export function createSnapshot(options: SnapshotOptions): LiveSnapshot {
  const { rest, cluster, logger = silentLogger, clock = systemClock, timings, pageSize, onRestart } = options;
  const announcer = createAnnouncer(clock, ANNOUNCE_MS, logger);
  const signsAnnouncer = createAnnouncer(clock, ANNOUNCE_SIGNS_MS, logger);
  const stopping = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  // Begins with the time, so that after a restart it does not pass for an older picture's.
  let version = clock.now();
  const changed = () => {
    version += 1;
    announcer.changed();
  };
  let shortfalls: readonly Shortfall[] | undefined;
  const scope = namespaceScope(options.namespaces);
  const signsChanged = () => signsAnnouncer.changed();
  const tables = createSnapshotTables({ changed, signsChanged });
  const onState = () => {
    changed();
    signsChanged();
  };
  const watches = createSnapshotWatches(tables, scope, {
    ...{ rest, onState, onRestart, pageSize, timings, clock, logger },
  });

  function namespaces(): readonly string[] {
    if (scope.named) return scope.named;
    if (watches.namespaces?.isDenied()) return namespacesSeen(tables);
    return [...tables.namespaces.picture().values()].map(({ name }) => name).sort();
  }

  function state(): { complete: boolean; asOf: number } {
    const available = watches.all.filter((watch) => !watch.isDenied());
    const asked = available.length > 0 ? available : watches.all;
    return {
      complete: watches.all.every((watch) => watch.isReady()),
      asOf: Math.min(...asked.map((watch) => watch.asOf())),
    };
  }

  /** Nothing at all is told of trouble where nothing can be seen: that would look like all is well. */
  function signsState(): SignsState {
    const { complete, asOf } = state();
    const unseen = unseenNamespaces(watches.needed);
    const isBlind = scope.named ? unseen.length === scope.named.length : watches.needed.some((one) => one.isDenied());
    return { complete: complete && !isBlind, asOf, unseen };
  }

  /** What may not be read lasts; anything else is news. */
  function problem(): string | undefined {
    return away() ?? refusalWords(watches.needed);
  }

  function away(): string | undefined {
    return watches.all.find((watch) => !watch.isDenied() && watch.problem() !== undefined)?.problem();
  }

  function read(): ClusterSnapshot {
    return {
      cluster,
      version,
      ...state(),
      problem: problem(),
      nodes: watches.nodes.isDenied() ? undefined : tables.nodes.picture(),
      workloads: tables.workloads.picture(),
      pods: tables.pods.picture(),
      autoscalers: watches.autoscalers.every((watch) => watch.isDenied()) ? undefined : tables.autoscalers.picture(),
      namespaces: namespaces(),
      shortfalls,
    };
  }

  return {
    reader: { read: async () => read(), onChange: announcer.subscribe },
    watches: () =>
      watches.all.map(({ target, isDenied, asOf }) => ({
        resource: target.type.resource,
        isDenied: isDenied(),
        asOf: asOf(),
      })),
    away,
    signs: createSignsReader({ tables, state: signsState, announcer: signsAnnouncer }),
    setShortfalls(next) {
      shortfalls = next;
      changed();
    },
    start(signal) {
      const stop = () => stopping.abort(signal.reason);
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      running = Promise.all(watches.all.map((watch) => watch.run(stopping.signal)));
    },
    ready: Promise.all(watches.all.map((watch) => watch.ready)).then(() => {}),
    async close() {
      stopping.abort();
      await running;
      announcer.stop();
      signsAnnouncer.stop();
    },
  };
}
