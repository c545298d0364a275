import { afterEach, expect, it } from 'vitest';
import { TEST_PACE } from '../../support/cluster/kubelet/next-step.ts';
import type { Ref } from '../../support/cluster/types.ts';
import { describeLocalCluster } from '../../support/clusters.ts';
import { createFaultStories } from './fault-stories.ts';
import { QUICK_BOOKMARKS, useIncidentStage } from './incident-stage.ts';

/** ms for one test: a story, whatever it has to recover from. */
const STORY_MS = 90_000;

describeLocalCluster(
  'incidents are what the cluster shows, each told once',
  (kit) => {
    const incidents = useIncidentStage(kit);
    const stories = createFaultStories(kit, incidents);
    const { local } = stories;
    const lasting: Ref[] = [];
    afterEach(() => local().clearFaults());

    const nothing = () => undefined;
    const always = Number.POSITIVE_INFINITY;
    it.each([
      ['a watch is cut in the middle of an event', 'half', () => local().faultWatches('cut mid-event', {}, 5), nothing],
      ['every event comes twice', 'twice', () => local().faultWatches('send twice', {}, always), nothing],
      [
        'the place in history of an open watch expires',
        'expired',
        () => local().expireWatches(),
        () => local().expireWatches(),
      ],
      [
        'the API server is away, and has forgotten the past when it is back',
        'away',
        () => local().disconnect(),
        async () => {
          local().compact();
          await local().start();
        },
      ],
      ['watches fall silent, and break off then', 'mute', () => local().muteWatches(), () => local().cutWatches()],
    ])(
      'where %s',
      async (_, name, begin, end) => {
        lasting.push(await stories.liveThrough(name, { begin, end }));
      },
      STORY_MS,
    );

    it(
      'in the end, too, where what began meanwhile is over',
      async () => {
        for (const ref of lasting) kit.recover(ref);
        for (const ref of lasting) await stories.endsOnce(ref);
        expect(lasting.length).toBeGreaterThan(0);
      },
      STORY_MS,
    );
  },
  // What crashes on and on changes its message with each restart, and takes Slack's time from the others.
  { ...QUICK_BOOKMARKS, pace: { ...TEST_PACE, backOff: 1_500 } },
);
