import { createApply } from '../../jobs/apply.ts';
import type { Fence } from '../../jobs/fence.ts';
import type { Journal } from '../../jobs/journal.ts';
import { ConflictError, NotFoundError, UnavailableError } from '../../src/errors.ts';
import type { Cluster, Workload } from '../../src/kubernetes/cluster.ts';
import { T0 } from '../requests/sample.ts';

export const MARKER = 'k7m2qd.1';

/** One Deployment with the API server's rules of versions, and faults that a test schedules. */
export function oneWorkload() {
  let version = 10;
  const state = { exists: true, uid: 'uid-1', replicas: 3, generation: 1, marker: undefined as string | undefined };
  const applied: string[] = [];
  const bump = () => String(++version);
  const read = (): Workload =>
    ({ ...state, resourceVersion: String(version), paused: false, kind: 'Deployment' }) as unknown as Workload;
  /** Faults, taken one by one: one for a read, one for a patch. */
  const faults: ('none' | 'refuse' | 'lose-answer' | 'touch-status')[] = [];
  const cluster = {
    async getWorkload() {
      await Promise.resolve();
      if (!state.exists) throw new NotFoundError('gone');
      return read();
    },
    async patchWorkload(_ref, _patch, { resourceVersion, marker }) {
      await Promise.resolve();
      const fault = faults.shift() ?? 'none';
      if (fault === 'refuse') throw new UnavailableError('refused');
      if (fault === 'touch-status') bump();
      if (resourceVersion !== String(version)) throw new ConflictError('moved');
      Object.assign(state, { replicas: 5, generation: state.generation + 1, marker });
      bump();
      applied.push(marker);
      if (fault === 'lose-answer') throw new UnavailableError('no answer');
      return read();
    },
  } as Pick<Cluster, 'getWorkload' | 'patchWorkload'> as Cluster;
  return {
    cluster,
    applied,
    faults,
    state,
    /** Somebody else sets a value by hand; their apply may drop the marker. */
    setByHand(replicas: number, keepMarker: boolean) {
      Object.assign(state, {
        replicas,
        generation: state.generation + 1,
        marker: keepMarker ? state.marker : undefined,
      });
      bump();
    },
    touchStatus: bump,
  };
}

/** The journal's contract in memory, for each attempt; `journal.test.ts` holds the one on Redis to it. */
export function memoryJournals(): (attempt: number) => Journal {
  let stored: Fence | undefined;
  let latest = 0;
  return (attempt) => ({
    takeOver: async () => {
      latest = Math.max(latest, attempt);
    },
    fence: async () => stored,
    moveFence: async (previous, next) => {
      await Promise.resolve();
      if (latest > attempt) return 'overtaken';
      if (JSON.stringify(previous) !== JSON.stringify(stored)) return 'changed';
      stored = next;
      return 'moved';
    },
  });
}
export const memoryJournal = () => memoryJournals()(1);

export function agent(
  world: ReturnType<typeof oneWorkload>,
  journal: Journal,
  changes: Partial<Parameters<typeof createApply>[0]> = {},
) {
  return createApply({
    cluster: world.cluster,
    journal,
    marker: MARKER,
    validUntil: T0 + 60_000,
    now: () => T0,
    signal: new AbortController().signal,
    requireRights: async () => {},
    wait: async () => undefined,
    ...changes,
  });
}
