import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { isStale } from '../../deploy/sources.js';
import { describeLocalCluster } from '../support/clusters.ts';
import { createRandom } from '../support/slack/random.ts';
import type { Ended } from './rolling-fleet.ts';
import { drawStory, gatherCrowd, type Story } from './rolling-people.ts';
import { MOST_STORIES, raiseFleet } from './rolling-stage.ts';
import { faultsOf } from './rolling-verdict.ts';

/** `ROLLING_SEED` plays the same stories again. */
const { ROLLING_SEED = String(Date.now() % 100_000) } = process.env;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Each asks again as soon as it is over: about ten gestures a second on two idle cores, fewer on busy ones. */
const STORIES_AT_ONCE = 6;
/** From SIGTERM to the end, in ms: well inside the 20 s after which opsbot gives up. */
const ENDS_WITHIN_MS = 12_000;
/** pino's number for an error. */
const ERROR = 50;
/** Rollouts take half a second, so that some are under way whenever a process ends. In ms. */
const PACE = { schedule: 1, create: 1, start: 3, ready: 500, crash: 3, complete: 5, backOff: 20, stop: 3 };

describeLocalCluster(
  'replacing three replicas one after the other while people ask and decide',
  (kit) => {
    beforeAll(() => {
      if (isStale(ROOT)) execFileSync(process.execPath, [`${ROOT}/deploy/build.ts`]);
    });

    it.each([
      { transport: 'socket', rounds: 3 },
      { transport: 'http', rounds: 1 },
    ] as const)(
      'loses no gesture, by $transport',
      async ({ transport, rounds }) => {
        const stage = await raiseFleet(kit, transport);
        const { slack, redis, namespace, fleet } = stage;
        const random = createRandom(Number(ROLLING_SEED));
        const crowd = gatherCrowd(slack, namespace, random);
        const stories: Story[] = [];
        const lost: string[] = [];
        let isOver = false;

        async function playOn(): Promise<void> {
          while (!isOver && stories.length < MOST_STORIES) {
            const story = drawStory(stories.length, random);
            stories.push(story);
            await crowd.play(story).catch((error: unknown) => lost.push(String(error)));
          }
        }

        try {
          const playing = Promise.all(Array.from({ length: STORIES_AT_ONCE }, playOn));
          const from = performance.now();
          const ended: Ended[] = [];
          for (let round = 0; round < rounds; round++) ended.push(...(await stage.roll()));
          const seconds = (performance.now() - from) / 1000;
          isOver = true;
          await playing;

          const violations = slack.takeViolations();
          const unanswered = violations.filter(({ kind }) => kind === 'no-ack');
          const ends = ended.map(({ ms }) => Math.round(ms)).join(', ');
          const errors = crowd.errors.map(({ gesture, error }) => `${gesture} (${error})`).join(', ') || 'none';
          console.log(
            `seed ${ROLLING_SEED}, by ${transport}: ${crowd.gestures()} gestures in ${stories.length} stories, ${rounds} ` +
              `rounds in ${seconds.toFixed(1)} s; ended within ${ends} ms; errors that people saw: ${errors}; ` +
              `not acked: ${unanswered.length}`,
          );
          const faults = await faultsOf({ kit, slack, redisUrl: redis.url, namespace, stories });
          expect({ lost, faults, logged: fleet.logged(ERROR) }).toEqual({ lost: [], faults: [], logged: [] });
          // What crossed a Close on its way: nothing else may go without an ack, and by HTTP nothing at all.
          const mayCross = ({ reasons }: (typeof violations)[number]) =>
            transport === 'socket' && reasons[0] === 'connection_failed';
          expect(unanswered.filter((violation) => !mayCross(violation))).toEqual([]);
          expect(violations.filter((violation) => !unanswered.includes(violation))).toEqual([]);
          expect(ended.map(({ code }) => code)).toEqual(ended.map(() => 0));
          expect(Math.max(...ended.map(({ ms }) => ms))).toBeLessThan(ENDS_WITHIN_MS);
        } finally {
          isOver = true;
          await stage.stop();
        }
      },
      120_000,
    );
  },
  { pace: PACE },
);
