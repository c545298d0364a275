import { afterEach, it } from 'vitest';
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
        await stories.liveThrough(name, { begin, end });
      },
      STORY_MS,
    );
  },
  QUICK_BOOKMARKS,
);
