import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';
import { statefulSet } from '../../support/cluster/manifests.ts';
import type { KubeObject } from '../../support/cluster/types.ts';
import { describeLocalCluster } from '../../support/clusters.ts';
import type { SeenMessage } from '../../support/slack/people/looking.ts';
import { raiseCrashStage } from '../crash-stage.ts';
import { prepareBundle } from './crash-incident-runs.ts';
import { createIncidentStepNames } from './crash-incident-steps.ts';
import { createFaultStories, isColour, ownerOf } from './fault-stories.ts';
import { ALERTS, GREEN, QUICK_BOOKMARKS, RED, useIncidentStage } from './incident-stage.ts';

/** Together with the 10 s for which the dead process's Lease lasts, more than the 30 s of a hand-over; ms. */
const AWAY_MS = 25_000;
/** The cluster's stamps are whole seconds: what comes this long after its end is seen to come after it; ms. */
const CLEARLY_LATER_MS = 3_000;
const COMES_BACK_MS = 40_000;
const LATE = 'Noticed when opsbot came back';

describeLocalCluster(
  'what happens while opsbot is away',
  (kit) => {
    beforeAll(prepareBundle);

    it('is caught up once, and marked as such', { timeout: 90_000 }, async () => {
      const namespace = await kit.namespace();
      const ref = (name: string) => ({ kind: 'StatefulSet', namespace, name });
      const names = ['before', 'last', 'crashing', 'killed', 'passing'];
      for (const name of names) await kit.apply(statefulSet(name, { namespace }));
      for (const name of names) await kit.rolledOut(ref(name));
      const pods = (name: string, passes: (container: KubeObject) => boolean) =>
        kit.eventually(
          `pods of ${name}`,
          () => kit.pods(ref(name)),
          (found) => found.every((pod) => passes(pod.status.containerStatuses[0])),
        );
      const fails = (container: KubeObject) => container.restartCount > 0;
      const isBackingOff = ({ state }: KubeObject) => state.waiting?.reason === 'CrashLoopBackOff';
      const runsAgain = (container: KubeObject) => fails(container) && container.ready;

      /** What goes on while opsbot is away; `away` tells how that came out. */
      async function causeTrouble(): Promise<void> {
        await delay(CLEARLY_LATER_MS);
        kit.crash(ref('crashing'));
        kit.oom(ref('killed'));
        kit.crash(ref('passing'));
        // A real kubelet's pauses are minutes: the latest crash is well before somebody looks again.
        const [{ status } = {}] = await pods('crashing', (container) => container.restartCount > 5);
        const { restartCount } = status.containerStatuses[0];
        // The pauses are long by now, and this one has just begun.
        await pods('crashing', (container) => container.restartCount > restartCount && isBackingOff(container));
        kit.freeze(ref('crashing'));
        await pods('killed', runsAgain);
        await pods('passing', fails);
        kit.recover(ref('passing'));
        kit.recover(ref('before'));
        await pods('passing', runsAgain);
        await pods('before', runsAgain);
        await delay(AWAY_MS);
      }

      let isLast = false;
      const away = Promise.withResolvers<void>();
      const config = { channels: { alerts: ALERTS }, namespaces: [namespace], incidents: { quiet: '1s' } };
      const stage = await raiseCrashStage(kit, {
        config: JSON.stringify(config),
        home: namespace,
        redisSteps: createIncidentStepNames,
        // As it has something new to tell, but has not told it yet.
        crashes: [(step) => isLast && step.startsWith('findings told')],
        meanwhile: () => causeTrouble().then(away.resolve, away.reject),
      });
      try {
        const alice = stage.slack.person('alice');
        const rootsOf = (name: string) =>
          alice
            .sees(ALERTS)
            .filter(({ thread, ts, text }) => (thread ?? ts) === ts && text.includes(`*StatefulSet ${name}*`));
        const shows = (name: string, passes: (root: SeenMessage) => boolean) =>
          stage.slack.waitFor(() => rootsOf(name).find(passes), { timeoutMs: COMES_BACK_MS + AWAY_MS, what: name });

        kit.crash(ref('before'));
        await shows('before', isColour(RED));
        isLast = true;
        kit.crash(ref('last'));
        await away.promise;

        expect((await shows('crashing', isColour(RED))).text).toContain(LATE);
        expect((await shows('killed', isColour(GREEN))).text).toContain(LATE);
        expect((await shows('before', isColour(GREEN))).text).not.toContain(LATE);
        expect((await shows('last', isColour(RED))).text).not.toContain('began to watch');
        for (const name of ['crashing', 'last']) kit.recover(ref(name));
        for (const name of ['crashing', 'last']) await shows(name, isColour(GREEN));
        expect(names.map((name) => [name, rootsOf(name).length > 1 ? 'twice' : 'once'])).toEqual(
          names.map((name) => [name, 'once']),
        );
        expect(stage.crashed()).toBe(1);
        expect(stage.slack.violations.filter(({ kind }) => kind !== 'no-ack')).toEqual([]);
      } finally {
        await stage.stop();
      }
    });
  },
  QUICK_BOOKMARKS,
);

describeLocalCluster(
  'where Slack’s answers are lost',
  (kit) => {
    const incidents = useIncidentStage(kit);
    const stories = createFaultStories(kit, incidents);

    it('no message about an incident is posted twice, nor an edit missed', { timeout: 60_000 }, async () => {
      const { slack } = incidents.stage;
      const web = stories.set('web');
      const lose = (method: string) => slack.fault({ kind: 'lose-answer', method, times: 2 });
      lose('chat.postMessage');
      kit.crash(web);
      await stories.make(web);
      const root = await incidents.shows(ownerOf(web), isColour(RED));
      await incidents.told(root, 'Exit code');
      lose('chat.postMessage');
      lose('chat.update');
      kit.recover(web);
      await stories.endsOnce(web);
      const lost = ['chat.postMessage', 'chat.update'].flatMap((method) => slack.calls(method));
      expect(lost.filter(({ fault }) => fault === 'lose-answer').length).toBeGreaterThanOrEqual(5);
    });
  },
  QUICK_BOOKMARKS,
);
