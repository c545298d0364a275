import { expect } from 'vitest';
import { statefulSet } from '../../support/cluster/manifests.ts';
import type { KubeObject, Ref } from '../../support/cluster/types.ts';
import type { ClusterKit } from '../../support/clusters.ts';
import type { SeenMessage } from '../../support/slack/people/looking.ts';
import { type IncidentStage, ORANGE, RED } from './incident-stage.ts';

/** ms until all is well again after a fault: a watch that failed many times in a row waits for up to half a minute. */
export const RECOVERS_MS = 45_000;

type Passes = (pod: KubeObject) => boolean;

const container = (pod: KubeObject) => pod.status?.containerStatuses?.[0];
export const isCrashing: Passes = (pod) => container(pod)?.state.waiting?.reason === 'CrashLoopBackOff';
export const isReady: Passes = (pod) => container(pod)?.ready === true;
const runsAgain: Passes = (pod) => isReady(pod) && container(pod).restartCount > 0;

/** What the thread says in the end. */
export const OVER = /Over (after|within)/;

export const ownerOf = ({ kind, name }: Ref) => `${kind} ${name}`;
export const isColour = (colour: string) => (root: SeenMessage) => root.color === colour;

/** What a fault comes to in stories that go on while it lasts. */
export function createFaultStories(kit: ClusterKit, incidents: IncidentStage) {
  const local = () => kit.local ?? expect.fail('this needs the local cluster');
  const set = (name: string): Ref => ({ kind: 'StatefulSet', namespace: incidents.namespace, name });
  const make = (ref: Ref) => kit.apply(statefulSet(ref.name, { namespace: incidents.namespace }));

  /** Past the API server, which may be out of order. */
  async function pods(ref: Ref, passes: Passes): Promise<void> {
    const all = (found: KubeObject[]) => found.length > 0 && found.every(passes);
    await kit.eventually(`pods of ${ref.name}`, async () => local().podsOf(ref), all);
  }

  return {
    ...{ local, set, make, pods },

    /** It is over in its one thread, in which nothing was said twice. */
    async endsOnce(ref: Ref): Promise<void> {
      const root = await incidents.green(ownerOf(ref), RECOVERS_MS);
      await incidents.told(root, OVER);
      const thread = incidents.thread(root);
      const parts = thread.map(({ raw }) => String(raw.metadata?.event_payload.part));
      expect(new Set(parts).size, parts.join()).toBe(parts.length);
      expect(thread.filter(({ text }) => OVER.test(text))).toHaveLength(1);
      expect(thread.filter(({ text }) => text.includes('It is back'))).toEqual([]);
    },

    /** One trouble ends while the fault lasts, one begins, and one begins and is over. In the end all are. */
    async liveThrough(name: string, fault: { begin(): unknown; end(): unknown }): Promise<void> {
      const [ending, beginning, passing] = ['ending', 'beginning', 'passing'].map((part) => set(`${name}-${part}`)) as [
        Ref,
        Ref,
        Ref,
      ];
      kit.breakConfig(ending);
      for (const ref of [ending, beginning, passing]) await make(ref);
      for (const ref of [beginning, passing]) await pods(ref, isReady);
      await incidents.shows(ownerOf(ending), isColour(ORANGE));

      await fault.begin();
      kit.recover(ending);
      kit.crash(beginning);
      kit.oom(passing);
      await pods(ending, isReady);
      await pods(beginning, isCrashing);
      await pods(passing, runsAgain);
      await fault.end();

      await incidents.shows(ownerOf(beginning), isColour(RED), RECOVERS_MS);
      kit.recover(beginning);
      for (const ref of [ending, passing, beginning]) await this.endsOnce(ref);
    },
  };
}
