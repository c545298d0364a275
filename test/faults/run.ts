import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { homeContent } from '../../views/home.ts';
import type { Kit } from '../support/cluster/kit.ts';
import { createRandom } from '../support/slack/random.ts';
import { collect, type Evidence } from './evidence.ts';
import { startFaults } from './inject.ts';
import { createLedger } from './ledger.ts';
import { gatherPeople } from './people.ts';
import { drawSchedule, inWords, type Planned } from './schedule.ts';
import { drawStories, type Story, storyInWords } from './stories.ts';
import { faultsOf } from './verdict.ts';
import { raiseWorld, type World } from './world.ts';

/** The last fault lasts at least so long, in ms, unless everybody is done by then. */
const LAST_FAULT_MS = 2_000;
/** How long people go on trying once all is well again, in ms. */
const LOAD_MS = 20_000;
/** After everything is well again, all has to be done and told within this time, in ms; with a margin for a busy machine. */
const RECOVERS_WITHIN_MS = 60_000;
/** Redis cannot tell when all is quiet; it is asked again so often, in ms. */
const LOOK_EVERY_MS = 300;
/** What nobody has decided by then is cancelled again so often, in ms. */
const CANCEL_EVERY_MS = 1_500;
/** All is well only where it stays so, in ms. */
const STAYS_MS = 1_000;

export interface Played {
  seed: number;
  stories: readonly Story[];
  schedule: readonly Planned[];
  /** What is wrong in the end. */
  faults: string[];
  /** Absent where it did not get as far. */
  evidence: Evidence | undefined;
  /** From the end of all faults until everything was right, in ms. */
  recoveredIn: number;
  /** Of all processes, oldest first. */
  log: string[];
}

/** Plays a run: the same seed gives the same stories and the same faults. */
export async function playSeed(seed: number, given?: Kit): Promise<Played> {
  const random = createRandom(seed);
  const stories = drawStories(random);
  const schedule = drawSchedule(random);
  const world = await raiseWorld(seed, given);
  const redis = new Redis(world.redis.url, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined); // it is killed now and then
  try {
    const ledger = createLedger();
    const people = gatherPeople(world, ledger);
    await openHome(world, 'alice');
    const faults = startFaults(world, schedule);
    const playing = Promise.all(stories.map((story) => people.play(story)));
    await delay((schedule.at(-1)?.at ?? 0) + LAST_FAULT_MS);
    await faults.heal();
    await Promise.race([playing, delay(LOAD_MS)]);
    people.stop();
    await playing;
    const recovery = await recover(world, { ledger, redis, cancelOpen: people.cancelOpen, jump: faults.jump() });
    return { seed, stories, schedule: faults.done, ...recovery, log: logOf(world) };
  } catch (error) {
    const faults = [(error as Error).message];
    return { seed, stories, schedule, faults, evidence: undefined, recoveredIn: 0, log: logOf(world) };
  } finally {
    redis.disconnect();
    await world.stop();
  }
}

type Recovering = Omit<Parameters<typeof collect>[1], 'homes'> & { cancelOpen(): Promise<void> };

/** Looks again and again until everything is right and stays so, or it is too late. */
async function recover(world: World, { cancelOpen, ...of }: Recovering) {
  const from = performance.now();
  let rightSince: number | undefined;
  let cancelledAt = Number.NEGATIVE_INFINITY;
  let isFresh = false;
  for (;;) {
    const evidence = await collect(world, { ...of, homes: isFresh ? homesIn(world) : undefined });
    const faults = faultsOf(evidence);
    const now = performance.now();
    if (faults.length > 0) rightSince = undefined;
    else if (!isFresh) isFresh = await openHome(world, 'bob');
    else rightSince ??= now;
    const isQuiet = rightSince !== undefined && now - rightSince >= STAYS_MS;
    if (isQuiet || now - from > RECOVERS_WITHIN_MS) {
      return { faults: isQuiet ? [] : orUnrest(faults), evidence, recoveredIn: (rightSince ?? now) - from };
    }
    if (now - cancelledAt > CANCEL_EVERY_MS) {
      cancelledAt = now;
      await cancelOpen();
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** What was right does not stay so, or nobody is shown Home: where nothing works, nothing can be wrong with it. */
const orUnrest = (faults: string[]) => (faults.length > 0 ? faults : ['it does not come to rest']);

/** Both have never asked for anything, so they see the same. */
async function openHome({ slack }: World, name: 'alice' | 'bob'): Promise<boolean> {
  const person = slack.person(name);
  await person.opensHome();
  return slack.waitFor(() => person.home() !== undefined).catch(() => false);
}

/** Without how long ago something was: it is not published again for that. */
function homesIn({ slack }: World): Evidence['homes'] {
  const [shown, fresh] = ['alice', 'bob'].map((name) => {
    const view = slack.person(name).home()?.view;
    return view === undefined ? '' : withoutTimes(homeContent(view as never));
  });
  return { shown: shown ?? '', fresh: fresh ?? '' };
}

function withoutTimes(content: string): string {
  return content.replace(/\b\d+ (?:s|min|h|d) ago|just now/g, '… ago').replace(/"block_id":"[^"]*",?/g, '');
}

function logOf({ members }: World): string[] {
  const lines = Object.values(members).flatMap(({ name, log }) =>
    log().map((line) => ({ process: name, time: '', ...line })),
  );
  return lines.sort((a, b) => String(a.time).localeCompare(String(b.time))).map((line) => JSON.stringify(line));
}

/** The run in words, for whoever has to find out why it failed. */
export function runInWords({ seed, stories, schedule }: Pick<Played, 'seed' | 'stories' | 'schedule'>): string {
  return [`seed ${seed}`, ...stories.map(storyInWords), ...schedule.map(inWords)].join('\n  ');
}
