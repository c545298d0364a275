import fc from 'fast-check';
import { expect, it } from 'vitest';
import { OrderLapsedError, UnknownOutcomeError } from '../../jobs/apply.ts';
import { ConflictError, NotAllowedError, UnavailableError } from '../../src/errors.ts';
import type { Cluster } from '../../src/kubernetes/cluster.ts';
import { plan, T0 } from '../requests/sample.ts';
import { agent, memoryJournals, oneWorkload } from './apply-kit.ts';

const fault = fc.constantFrom('none', 'refuse', 'lose-answer', 'touch-status');
const meddling = fc.constantFrom('nothing', 'status', 'back', 'back without marker');
/** What became of the approvals, or of the rights, since the attempt before. */
const change = fc.constantFrom('none', 'none', 'may not begin', 'lacks rights');
type Change = 'none' | 'may not begin' | 'lacks rights';
/** How many of the others' steps pass by before something happens. */
const hops = fc.nat({ max: 12 });

/** Errors after which people are told that nothing was changed. */
const UNDONE = [ConflictError, OrderLapsedError, NotAllowedError, UnavailableError] as const;

/** So many times as long as it is meant to a pause takes: else no patch would be under way for long. */
const SLOW = 20;

interface Attempt {
  change: Change;
  /** Hops until it begins. */
  after: number;
}
type World = ReturnType<typeof oneWorkload>;
interface Stage {
  world: World;
  clock: { now: number };
  journals: ReturnType<typeof memoryJournals>;
  s: fc.Scheduler;
  /** Before a patch arrives. */
  hops: number;
}

async function pass(s: fc.Scheduler, hops: number): Promise<void> {
  for (let hop = 0; hop < hops; hop++) await s.schedule(Promise.resolve());
}

/** How an attempt ends that runs beside the others; `undone`: nothing was changed. */
async function endOf({ world, clock, journals, s }: Stage, number: number, { change, after }: Attempt) {
  await pass(s, after);
  const { takeOver, fence, moveFence } = journals(number);
  const journal = {
    takeOver: s.scheduleFunction(takeOver),
    fence: s.scheduleFunction(fence),
    moveFence: s.scheduleFunction(moveFence),
  };
  const apply = agent(world, journal, {
    now: () => clock.now,
    wait: async (ms) => {
      clock.now += SLOW * ms;
    },
    ...(change === 'may not begin' && { validUntil: 0 }),
    ...(change === 'lacks rights' && { requireRights: () => Promise.reject(new NotAllowedError('no')) }),
  });
  try {
    await apply(plan);
    return 'applied';
  } catch (error) {
    if (error instanceof UnknownOutcomeError) return 'unknown';
    if (UNDONE.some((kind) => error instanceof kind)) return 'undone';
    throw error;
  }
}

/** Calls arrive whenever the scheduler lets them; but an API server gives up on one after a minute. */
function scheduledCluster({ world, clock, s, hops }: Stage): Cluster {
  return {
    ...world.cluster,
    getWorkload: s.scheduleFunction(world.cluster.getWorkload),
    async patchWorkload(...args) {
      const sentAt = clock.now;
      await pass(s, hops);
      const arrives = s.scheduleFunction(async () => {
        if (clock.now - sentAt > 60_000) throw new UnavailableError('It took too long.');
        return world.cluster.patchWorkload(...args);
      });
      return arrives();
    },
  };
}

function meddle(world: World, what: string): void {
  if (what === 'status') world.touchStatus();
  if (what === 'back') world.setByHand(3, true);
  if (what === 'back without marker') world.setByHand(3, false);
}

it('a change is never applied twice, nor where the latest attempt has found nothing done', async () => {
  const ends: Record<string, number> = { applied: 0, undone: 0, unknown: 0 };
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 4 }),
      fc.array(meddling, { maxLength: 4 }),
      fc.tuple(
        fc.constant({ change: 'none' as const, after: 0 }),
        fc.record({ change, after: hops }),
        fc.record({ change, after: hops }),
      ),
      hops,
      fc.scheduler(),
      async (faults, meddlings, attempts, hops, s) => {
        const world = oneWorkload();
        world.faults.push(...faults);
        const stage: Stage = { world, clock: { now: T0 }, journals: memoryJournals(), s, hops };
        for (const what of meddlings) void s.schedule(Promise.resolve(what)).then((now) => meddle(world, now));
        const scheduled = { ...stage, world: { ...world, cluster: scheduledCluster(stage) } };
        const results = await s.waitFor(
          Promise.all(attempts.map((attempt, before) => endOf(scheduled, before + 1, attempt))),
        );
        expect(world.applied.length).toBeLessThanOrEqual(1);
        if (results.includes('applied')) expect(world.applied).toHaveLength(1);
        const latest = results.at(-1) ?? '';
        if (latest === 'undone') expect(world.applied).toEqual([]);
        ends[latest] = (ends[latest] ?? 0) + 1;
      },
    ),
    { numRuns: 1_000 },
  );
  // Attempts that all end the same would agree with anything.
  for (const [end, times] of Object.entries(ends)) expect(times, end).toBeGreaterThan(0);
});
