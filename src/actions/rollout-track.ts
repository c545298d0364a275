import type { Progress } from './action.ts';
import type { Stand } from './judge-rollout.ts';

export type Moving = Extract<Stand, { state: 'rolling' | 'stuck' }>;

/** Remembers what was said last, when the rollout last got on, and whether it was stuck before we came. */
export function createTrack(startedAt: number, options: { mayBeStuckBefore: boolean }) {
  let said = '';
  let progress: Progress = { text: '', done: 0, total: 0 };
  let best = Number.NEGATIVE_INFINITY;
  let movedAt = startedAt;
  let reachable = true;
  let stuckBefore: boolean | undefined;

  function say(next: Progress): Progress | undefined {
    if (next.text === said) return undefined;
    said = next.text;
    return next;
  }

  return {
    /** The progress to tell, where it is news. */
    saw(stand: Moving, now: number): Progress | undefined {
      // Time without an answer is no time without progress.
      if (!reachable || stand.steps > best) movedAt = now;
      best = Math.max(best, stand.steps);
      reachable = true;
      if (stand.observed) stuckBefore ??= options.mayBeStuckBefore && stand.state === 'stuck';
      progress = stand.progress;
      return say(progress);
    },
    away(now: number): Progress | undefined {
      if (reachable) movedAt = now;
      reachable = false;
      const last = progress.text === '' ? '' : ` (last seen: ${progress.text})`;
      return say({ ...progress, text: `the cluster does not answer, still trying${last}` });
    },
    stalledFor: (now: number) => now - movedAt,
    /** The controller's verdict counts, unless it was passed on an earlier rollout. */
    isStuck: (stand: Moving) => stand.state === 'stuck' && stuckBefore !== true,
  };
}

export type Track = ReturnType<typeof createTrack>;
