import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Checkpoint, checkpointLine } from '../src/requests/checkpoint.ts';
import type { CheckpointNotifier } from '../src/requests/checkpoint-notifier.ts';
import { RateLimited } from '../src/requests/requests.ts';
import type { AuditEnd } from './audit-end.ts';
import type { CheckpointStore, Chore, DayCheckpoint, Turn } from './checkpoint-store.ts';
import { every } from './every.ts';
import type { Trim } from './trim-audit.ts';

export interface AuditKeeperDependencies {
  store: CheckpointStore;
  settings: { channel?: string | undefined; keepMs?: number | undefined };
  /** Appends a line where a log collector finds it; absent where there is no such place. Resolves once it is written. */
  append?: ((line: string) => Promise<void>) | undefined;
  notifier: CheckpointNotifier;
  trim(trim: Trim, signal: AbortSignal): Promise<number>;
  /** Where the log ends just now. */
  end(): Promise<AuditEnd>;
  /** ms since the epoch, by the clock that all hubs share. */
  time(): Promise<number>;
  /** Resolves after `ms`, or when the signal aborts. Default: a timer. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
  logger: Logger;
}

/** ms */
const LOOK_EVERY_MS = 60_000;
/** A Redis that crashes loses what it wrote last: by `appendfsync everysec`, up to two seconds. In ms. */
const SETTLED_MS = 3_000;
/** Before the first id that a stream can have. */
const NOTHING = '0-0';

/**
 * Makes one checkpoint of the audit log a day (UTC), by one hub of several, brings it where Redis' owner cannot change it,
 * and then removes what is older than it is to be kept. Each step is stored before the next one: whatever crashes, the
 * next look goes on from there. A checkpoint that gets nowhere all day gives way to the next day's, which covers more.
 */
export function createAuditKeeper(deps: AuditKeeperDependencies) {
  const { store, settings, append, notifier, wait = pauseFor, logger } = deps;
  const stopping = new AbortController();

  async function keep(): Promise<void> {
    if (isDone(await store.load(), dayOf(await deps.time()))) return;
    await store.inTurn(async (turn) => {
      const day = dayOf(await deps.time());
      const known = await store.load();
      const state = known?.day === day ? known : await begin(turn, day, known);
      if (state && (await isSettled(state))) await carryOn(turn, state);
    });
  }

  /** What is told elsewhere must not be lost here: no log would ever meet it. False where it has been lost. */
  async function isSettled({ checkpoint }: DayCheckpoint): Promise<boolean> {
    const missing = checkpoint.at + SETTLED_MS - (await deps.time());
    if (missing <= 0) return true;
    await wait(Math.min(missing, SETTLED_MS), stopping.signal);
    const stored = (await store.load())?.checkpoint;
    return stored?.at === checkpoint.at && stored.head === checkpoint.head;
  }

  /** Nothing where there is nothing to vouch for yet; a log that has become empty is told. */
  async function begin(turn: Turn, day: string, known: DayCheckpoint | undefined): Promise<DayCheckpoint | undefined> {
    const { last, ...checkpoint } = await deps.end();
    if (last === undefined && known === undefined) return undefined;
    const { posted, covered } = known ?? {};
    const state: DayCheckpoint = {
      day,
      checkpoint,
      last: last ?? NOTHING,
      due: choresOf(checkpoint, posted),
      posted,
      covered,
    };
    await turn.save(state);
    logger.info({ day, entries: checkpoint.entries }, 'the audit log’s checkpoint of the day is made');
    return state;
  }

  /** A channel that knows the chain's end already is spared; a line a day tells a collector that nothing is wrong. */
  function choresOf({ entries, head }: Checkpoint, posted: DayCheckpoint['posted']): Chore[] {
    const told = posted?.channel === settings.channel ? posted?.checkpoint : undefined;
    const isNews = told?.head !== head || told.entries !== entries;
    return [
      ...(append ? (['file'] as const) : []),
      ...(settings.channel !== undefined && isNews ? (['channel'] as const) : []),
      ...(settings.keepMs !== undefined ? (['trim'] as const) : []),
    ];
  }

  async function carryOn(turn: Turn, begun: DayCheckpoint): Promise<void> {
    let state = begun;
    const save: Save = async (change) => {
      state = { ...state, ...change };
      await turn.save(state);
    };
    for (const chore of begun.due) {
      // What goes is only what has been vouched for elsewhere.
      if (stopping.signal.aborted || (chore === 'trim' && state.due[0] !== 'trim')) return;
      const change = await attempt(chore, state, save);
      if (change) await save({ ...change, due: state.due.filter((one) => one !== chore) });
    }
  }

  async function attempt(chore: Chore, state: DayCheckpoint, save: Save): Promise<Partial<DayCheckpoint> | undefined> {
    try {
      return await CHORES[chore](state, save);
    } catch (err) {
      logger.warn({ err, chore }, 'the audit log’s checkpoint is held up; trying again');
      if (err instanceof RateLimited) await save({ notBefore: (await deps.time()) + err.retryAfterMs });
      return undefined;
    }
  }

  type Save = (change: Partial<DayCheckpoint>) => Promise<void>;

  /** What each chore changes once it is done; undefined where it is not yet. */
  const CHORES: Record<Chore, (state: DayCheckpoint, save: Save) => Promise<Partial<DayCheckpoint> | undefined>> = {
    async file({ checkpoint, last }) {
      if (!append) return {};
      await append(checkpointLine(checkpoint));
      return { covered: last };
    },

    async channel({ checkpoint, last, posted, posting, notBefore = 0 }, save) {
      const { channel } = settings;
      if (channel === undefined) return {};
      if ((await deps.time()) < notBefore) return undefined;
      const previous = posted?.channel === channel ? posted.checkpoint : undefined;
      const result = await notifier.post({ channel, checkpoint, previous }, { posting, save });
      if (result === 'refused') return { posting: undefined };
      return { posting: undefined, posted: { channel, checkpoint }, covered: last };
    },

    async trim({ covered }) {
      const { keepMs } = settings;
      if (keepMs === undefined || covered === undefined) return {};
      const removed = await deps.trim({ now: await deps.time(), keepMs, covered }, stopping.signal);
      if (removed > 0) logger.info({ removed }, 'old entries of the audit log are removed');
      return stopping.signal.aborted ? undefined : {};
    },
  };

  return {
    keep,
    start() {
      const task = every(LOOK_EVERY_MS, 'keeping the audit log', keep, logger);
      task.run();
      return {
        stop() {
          stopping.abort();
          return task.stop();
        },
      };
    },
  };
}

function isDone(state: DayCheckpoint | undefined, day: string): boolean {
  return state?.day === day && state.due.length === 0;
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined); // the hub ends, and another goes on
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
