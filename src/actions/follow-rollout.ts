import { setTimeout as delay } from 'node:timers/promises';
import { NotFoundError, UnavailableError } from '../errors.ts';
import type { Workload } from '../kubernetes/cluster.ts';
import type { FollowContext, Outcome, Plan, Progress } from './action.ts';
import { explainStall } from './explain-stall.ts';
import { type Goal, judgeRollout } from './judge-rollout.ts';
import { createTrack, type Moving, type Track } from './rollout-track.ts';
import { targetWorkload } from './workload-words.ts';

/** How patiently a rollout is followed; all in ms. */
export interface Pace {
  /** Between two looks at the workload. */
  pollMs: number;
  /** Without any progress for so long, what has no deadline of its own has failed. */
  stallMs: number;
  /** The same for a Deployment's rollout: its controller judges it earlier, unless somebody switched that off. */
  rolloutStallMs: number;
  /** Without any answer from the cluster for so long, nobody knows how it went. */
  awayMs: number;
  /** Rejects when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const PACE: Pace = {
  pollMs: 1000,
  stallMs: 10 * 60_000,
  rolloutStallMs: 60 * 60_000,
  awayMs: 60 * 60_000,
  wait: (ms, signal) => delay(ms, undefined, { signal }),
};

type Look =
  | { at: 'end'; outcome: Outcome }
  | { at: 'way'; workload: Workload; stand: Moving }
  | { at: 'away'; error: UnavailableError };

/**
 * Watches the workload until the change is through, has failed or was replaced; yields when there is something new to
 * say. A cluster that does not answer is asked again until the deadline, and then raises its UnavailableError: nobody
 * knows the outcome then. Rejects with the signal's reason when it aborts.
 */
export async function* followRollout(
  context: FollowContext,
  plan: Plan,
  goal: Goal,
  pace: Pace,
): AsyncGenerator<Progress, Outcome> {
  const track = createTrack(context.now(), { mayBeStuckBefore: goal.action === 'scale' });
  for (;;) {
    const look = await lookAt(context, plan, goal);
    if (look.at === 'end') return look.outcome;
    const now = context.now();
    const news = look.at === 'away' ? track.away(now) : track.saw(look.stand, now);
    if (news !== undefined) yield news;
    const limit = look.at === 'away' ? pace.awayMs : limitOf(plan, goal, pace);
    const outcome = await judgePatience(context, look, track, limit);
    if (outcome !== undefined) return outcome;
    await pace.wait(pace.pollMs, context.signal);
  }
}

async function lookAt(context: FollowContext, plan: Plan, goal: Goal): Promise<Look> {
  try {
    const workload = await context.cluster.getWorkload(targetWorkload(plan.target), { signal: context.signal });
    const written = { uid: plan.target.uid, generation: context.applied.generation };
    const stand = judgeRollout(workload, goal, written);
    if (stand.state === 'done') return { at: 'end', outcome: { result: 'succeeded', text: stand.text } };
    if (stand.state !== 'replaced') return { at: 'way', workload, stand };
    return { at: 'end', outcome: { result: 'failed', reason: stand.reason, text: stand.text } };
  } catch (error) {
    if (error instanceof NotFoundError) return { at: 'end', outcome: deleted(plan) };
    if (error instanceof UnavailableError) return { at: 'away', error };
    throw error;
  }
}

function deleted(plan: Plan): Outcome {
  return { result: 'failed', reason: 'Deleted', text: `The ${plan.target.kind} was deleted meanwhile.` };
}

/** Only a rollout of a new template is under the Deployment controller's own deadline; a bare scale is not. */
function limitOf(plan: Plan, goal: Goal, pace: Pace): number {
  return plan.target.kind === 'Deployment' && goal.action === 'restart' ? pace.rolloutStallMs : pace.stallMs;
}

/** The outcome where waiting on makes no sense; undefined while it does. */
async function judgePatience(
  context: FollowContext,
  look: Exclude<Look, { at: 'end' }>,
  track: Track,
  limitMs: number,
): Promise<Outcome | undefined> {
  const outOfTime = track.stalledFor(context.now()) >= limitMs;
  if (look.at === 'away') {
    if (outOfTime) throw look.error;
    return undefined;
  }
  const { workload, stand } = look;
  if (stand.state === 'stuck' && track.isStuck(stand)) {
    const what = 'The rollout did not get on within its own deadline';
    return failure(context, workload, { what, stand, reason: stand.reason });
  }
  if (!outOfTime) return undefined;
  return failure(context, workload, { what: `Nothing has moved for ${Math.round(limitMs / 60_000)} min`, stand });
}

async function failure(
  context: FollowContext,
  workload: Workload,
  why: { what: string; stand: Moving; reason?: string },
): Promise<Outcome> {
  const cause = await explainStall(context, workload);
  return {
    result: 'failed',
    reason: why.reason ?? cause?.reason ?? 'Timeout',
    text: `${why.what}: ${why.stand.progress.text}.${cause === undefined ? '' : ` ${cause.text}`}`,
  };
}
