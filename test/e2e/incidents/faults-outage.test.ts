import { afterEach, expect, it } from 'vitest';
import { deployment } from '../../support/cluster/manifests.ts';
import type { Ref } from '../../support/cluster/types.ts';
import { describeLocalCluster } from '../../support/clusters.ts';
import { createFaultStories, isColour, isCrashing, isReady, ownerOf, RECOVERS_MS } from './fault-stories.ts';
import { QUICK_BOOKMARKS, RED, useIncidentStage } from './incident-stage.ts';

/** Failed requests; by then each of the agent's nine list-watches has failed about four times in a row. */
const MANY_FAILURES = 45;

describeLocalCluster(
  'incidents are what the cluster shows, each told once, after a long outage',
  (kit) => {
    const incidents = useIncidentStage(kit);
    const stories = createFaultStories(kit, incidents);
    const { local, pods } = stories;
    const recreated = (name: string): Ref => ({ kind: 'Deployment', namespace: incidents.namespace, name });
    afterEach(() => local().clearFaults());

    // A whole minute of it would make no more failures than that: the pauses between them grow to half a minute.
    it('in which everything was answered with 500, and the Lease was lost', async () => {
      const placed = () => local().fault({ kind: 'answer', status: 500 }, {}, Number.POSITIVE_INFINITY);
      let errors: ReturnType<typeof placed> | undefined;
      await stories.liveThrough('failing', {
        begin() {
          errors = placed();
          local().cutWatches();
        },
        async end() {
          await incidents.stage.opsbot.logged(({ msg }) => msg === 'does not hold the lease');
          const hits = async () => errors?.hits() ?? 0;
          await kit.eventually('many failures', hits, (count) => count >= MANY_FAILURES, 60_000);
          errors?.remove();
        },
      });
    }, 150_000);

    it('in which objects were deleted, and others made with the same names', async () => {
      const [ill, well] = [recreated('ill'), recreated('well')];
      const manifest = ({ name }: Ref) => deployment(name, { namespace: incidents.namespace, replicas: 2 });
      for (const ref of [ill, well]) {
        kit.crash(ref);
        await kit.apply(manifest(ref));
        await incidents.shows(ownerOf(ref), (root) => root.color === RED && root.text.includes('2 pods'));
      }
      await local().disconnect();
      const uids = () => [ill, well].map((ref) => local().get(ref)?.metadata.uid);
      const before = uids();
      for (const ref of [ill, well]) local().remove(ref);
      const left = async () => [ill, well].flatMap((ref) => local().podsOf(ref));
      await kit.eventually('no pods', left, ({ length }) => length === 0);
      kit.recover(well);
      local().apply(manifest(ill), manifest(well));
      await pods(ill, isCrashing);
      await pods(well, isReady);
      expect(uids().filter((uid) => uid !== undefined && !before.includes(uid))).toHaveLength(2);
      await local().start();

      await incidents.green(ownerOf(well), RECOVERS_MS);
      expect(incidents.exactlyOne(ownerOf(ill)).color).toBe(RED);
      kit.recover(ill);
      for (const ref of [ill, well]) await stories.endsOnce(ref);
    }, 90_000);

    it('and nothing is said or changed again by a restart, a reconnect or a relist', async () => {
      const shown = () => incidents.roots().map(({ ts, text, color }) => ({ ts, text, color }));
      const calls = () => ['chat.postMessage', 'chat.update'].flatMap((method) => incidents.stage.slack.calls(method));
      const [shownBefore, callsBefore] = [shown(), new Set(calls())];
      await incidents.stage.restart();
      const last = stories.set('last');
      kit.crash(last);
      await stories.make(last);
      await incidents.shows(ownerOf(last), isColour(RED));
      local().cutWatches();
      await pods(last, isCrashing);
      local().expireWatches();
      kit.recover(last);
      // Whatever there was to be said again about the others would have been by then.
      await stories.endsOnce(last);
      const { ts } = incidents.exactlyOne(ownerOf(last));
      expect(shown().filter((root) => root.ts !== ts)).toEqual(shownBefore);
      const told = calls().filter((call) => !callsBefore.has(call));
      const places = told.map(({ args }) => args as { ts?: string; thread_ts?: string });
      expect(places.filter((place) => (place.thread_ts ?? place.ts ?? ts) !== ts)).toEqual([]);
    }, 60_000);
  },
  QUICK_BOOKMARKS,
);
