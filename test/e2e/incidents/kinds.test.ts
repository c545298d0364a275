import { beforeAll, describe, expect, it } from 'vitest';
import { cronJob, daemonSet, deployment, job, type WorkloadOptions } from '../../support/cluster/manifests.ts';
import { PRESSURES } from '../../support/cluster/nodes.ts';
import type { KubeObject, Manifest, Ref } from '../../support/cluster/types.ts';
import { type ClusterKit, describeCluster } from '../../support/clusters.ts';
import { ELSEWHERE, GREEN, ORANGE, QUICK_BOOKMARKS, RED, useIncidentStage } from './incident-stage.ts';

/** One kind of trouble, from its beginning to its end. */
interface Story {
  /** As people read it. */
  owner: string;
  colour: string;
  /** On the message while it lasts. */
  says: readonly string[];
  /** In one reply of its thread. */
  evidence: readonly string[];
  /** Says in its thread that this was found to be behind it: then its evidence may come twice. */
  reason?: RegExp;
  buttons: readonly string[];
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
}

const ON_WORKLOADS = ['Restart…', 'Scale…', 'Logs', "I'm on it"];
const ON_PODS = ['Logs', "I'm on it"];
/** ms until something is told, where much is told at once: Slack takes one message a second. */
const TOLD_MS = 30_000;
/** ms until all are green: Slack takes an edit in 1.2 s, and a real API server sends a bookmark a minute. */
const END_MS = 170_000;
const LIMITS = { limits: { memory: '256Mi' } };

const image = (name: string, tag: string) => `registry.example/${name}:${tag}`;
const withDeadline = (options: WorkloadOptions): WorkloadOptions => ({
  ...options,
  spec: { progressDeadlineSeconds: 1 },
});

function tell(kit: ClusterKit, namespace: () => string) {
  const refOf = ({ kind, metadata }: Manifest): Ref => ({ kind, namespace: namespace(), name: metadata.name ?? '' });
  const place = (manifest: Manifest) =>
    kit.apply({ ...manifest, metadata: { ...manifest.metadata, namespace: namespace() } });

  /** A Deployment that is in trouble because of what is done to it, until it recovers. */
  const ofDeployment = (
    name: string,
    options: WorkloadOptions,
    trouble: (ref: Ref) => void,
    story: Pick<Story, 'colour' | 'says' | 'evidence' | 'reason'>,
  ): Story => {
    const manifest = deployment(name, options);
    return {
      ...story,
      owner: `Deployment ${name}`,
      buttons: ON_WORKLOADS,
      async begin() {
        trouble(refOf(manifest));
        await place(manifest);
      },
      end: async () => kit.recover(refOf(manifest)),
    };
  };

  let nightly: KubeObject | undefined;
  const killed: Story[] = [
    {
      ...ofDeployment(
        'cache',
        { containers: [{ name: 'cache', image: 'cache', resources: LIMITS }] },
        () => undefined,
        {
          colour: RED,
          says: ['OOMKilled, 1 pod', 'was killed for want of memory'],
          evidence: ['*Exit code* 137', '*Memory limit* 256Mi', '*Node*'],
        },
      ),
      begin: async () => kit.oom(refOf(deployment('cache'))),
    },
    ofDeployment(
      'seed',
      { initContainers: [{ name: 'load', image: 'load', resources: LIMITS }] },
      (ref) => kit.oom(ref, { container: 'load' }),
      {
        colour: RED,
        says: ['OOMKilled, 1 pod', 'was killed for want of memory'],
        evidence: ['*Exit code* 137', '*Memory limit* 256Mi', 'ERROR allocation of 67108864 bytes refused'],
      },
    ),
  ];

  const lasting: Story[] = [
    ofDeployment('web', { replicas: 3 }, (ref) => kit.crash(ref, { exitCode: 3 }), {
      colour: RED,
      says: ['CrashLoopBackOff, 3 pods', 'container `web`, exit code 3'],
      evidence: ['*Exit code* 3', '(`web`)', 'FATAL'],
    }),
    ofDeployment(
      'schema',
      { initContainers: [{ name: 'migrate', image: 'migrate' }] },
      (ref) => kit.crash(ref, { container: 'migrate' }),
      {
        colour: RED,
        says: ['CrashLoopBackOff, 1 pod', 'init container `migrate`, exit code 1'],
        evidence: ['*Exit code* 1', '(`migrate`)'],
      },
    ),
    ofDeployment('greedy', {}, (ref) => kit.crash(ref, { exitCode: 137, reason: 'OOMKilled' }), {
      colour: RED,
      says: ['OOMKilled, 1 pod', 'exit code 137'],
      evidence: ['*Exit code* 137'],
    }),
    ofDeployment('typo', { image: image('typo', '1.O') }, (ref) => kit.breakImage(ref), {
      colour: ORANGE,
      says: ['image cannot be pulled, 1 pod', 'cannot start: its image cannot be pulled'],
      evidence: ['*Registry says*', '*Image* registry.example/typo:1.O'],
    }),
    ofDeployment('bare', {}, (ref) => kit.breakConfig(ref, 'secret "db" not found'), {
      colour: ORANGE,
      says: ['CreateContainerConfigError, 1 pod', 'secret "db" not found'],
      evidence: ['*Kubelet says* secret "db" not found'],
    }),
    ofDeployment('big', { replicas: 2 }, (ref) => kit.unschedulable(ref, '0/3 nodes: 3 Insufficient memory.'), {
      colour: ORANGE,
      says: ['no node for 2 pods', '0/3 nodes: 3 Insufficient memory.'],
      evidence: ['*Scheduler says* 0/3 nodes: 3 Insufficient memory.'],
    }),
    {
      owner: 'Job import',
      colour: ORANGE,
      says: ['The Job failed.', 'Job has reached the specified backoff limit'],
      evidence: ['*Exit code* 2', '(`import`)'],
      buttons: ON_PODS,
      async begin() {
        kit.crash(refOf(job('import')), { exitCode: 2 });
        await place(job('import'));
      },
      end: () => kit.request('DELETE', `/apis/batch/v1/namespaces/${namespace()}/jobs/import`),
    },
    {
      owner: 'CronJob nightly',
      colour: ORANGE,
      says: ['its Job failed', 'nightly-1: Job has reached the specified backoff limit'],
      evidence: ['*Exit code* 1', '(`nightly-1`)'],
      buttons: ON_PODS,
      async begin() {
        nightly = await place(cronJob('nightly'));
        kit.crash(refOf(job('nightly-1')));
        await place(job('nightly-1', { owner: nightly }));
      },
      end: () => place(job('nightly-2', nightly ? { owner: nightly } : {})),
    },
    ofDeployment('slow', withDeadline({ image: image('slow', '1.1') }), (ref) => kit.failReadiness(ref), {
      colour: RED,
      says: ['rollout is stuck', 'has timed out progressing'],
      evidence: ['*Rollout* slow:1.0 → slow:1.1', '*Why*'],
      reason: /Also: .*CrashLoopBackOff/,
    }),
    ofDeployment('front', withDeadline({ image: image('front', '1.1') }), (ref) => kit.breakImage(ref), {
      colour: RED,
      says: ['rollout is stuck', 'cannot start: its image cannot be pulled'],
      // Whichever of the two is known first, or both at once. Where it is the rollout, there may be evidence again.
      evidence: ['*Rollout* front:1.0 → front:1.1', 'not found'],
      reason: /Also: .*image cannot be pulled/,
    }),
  ];

  return { place, refOf, killed, lasting };
}

describeCluster(
  'each kind of trouble is one message that turns green',
  (kit) => {
    const { place, refOf, killed, lasting } = tell(kit, () => namespace);
    let namespace: string;
    const before = [
      deployment('cache', { containers: [{ name: 'cache', image: 'cache', resources: LIMITS }] }),
      deployment('shop', { image: image('shop', '1.0') }),
      deployment('slow', withDeadline({ image: image('slow', '1.0') })),
      deployment('front', withDeadline({ image: image('front', '1.0') })),
      daemonSet('resident'),
    ];
    const incidents = useIncidentStage(kit, {
      // What is over at once has to be red long enough to be seen.
      quiet: '4s',
      // Two channels take twice as much in a second.
      rules: [
        { match: { workload: ['web', 'seed', 'bare', 'import', 'slow', 'schema', 'node-*'] }, channel: ELSEWHERE },
      ],
      async before(own) {
        namespace = own;
        for (const manifest of before) await place(manifest);
        await Promise.all(before.map((manifest) => kit.rolledOut(refOf(manifest))));
      },
    });
    const nodes = () => kit.nodes.map((name) => `Node ${name}`);
    const readsLike = (root: { text: string; color: string | undefined }, { colour, says }: Story) =>
      root.color === colour && says.every((words) => root.text.includes(words));
    const looksAt = async (story: Story) => {
      const root = await incidents.shows(story.owner, (seen) => readsLike(seen, story), TOLD_MS);
      expect(root.buttons).toEqual(story.buttons);
      expect(root.inputs).toEqual(['Silence']);
      await incidents.told(root, story.evidence, TOLD_MS);
    };

    describe('nodes', () => {
      const podsOn = async (node: string) => {
        const { body } = await kit.request('GET', `/api/v1/namespaces/${namespace}/pods`);
        return body.items.filter(({ spec }: KubeObject) => spec.nodeName === node) as KubeObject[];
      };
      const onIt = ({ length }: KubeObject[]) => (length === 1 ? '1 pod on it' : `${length} pods on it`);

      it.each([
        ['says that it is not ready', 0, 'False'],
        ['is not heard of any more', 1, 'Unknown'],
      ] as const)('that %s: the pods on it are part of that', async (_, index, status) => {
        const name = kit.nodes[index] ?? '';
        const pods = await podsOn(name);
        const pod = pods.find(({ metadata }) => metadata.name.startsWith('resident-')) ?? expect.fail('no pod there');
        const podName = pod.metadata.name;
        await kit.failNode(name, { status });
        const [container] = pod.status.containerStatuses ?? [];
        const state = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } };
        const { status: code } = await kit.request('PATCH', `/api/v1/namespaces/${namespace}/pods/${podName}/status`, {
          contentType: 'application/merge-patch+json',
          body: { status: { containerStatuses: [{ ...container, ready: false, restartCount: 7, state }] } },
        });
        expect(code).toBe(200);
        const root = await incidents.shows(`Node ${name}`, ({ text }) => text.includes(podName));
        expect(root.color).toBe(RED);
        expect(root.text).toContain(`not ready, ${onIt(pods)}`);
        expect(root.text).toContain(`${namespace}/${podName}`);
        expect(root.buttons).toEqual(["I'm on it"]);
        await incidents.told(root, `*Pods on it* ${pods.length}`);
        expect((await kit.request('DELETE', `/api/v1/namespaces/${namespace}/pods/${podName}`)).status).toBe(200);
        await kit.recoverNode(name);
      });

      it('under each pressure', async () => {
        const name = kit.nodes[2] ?? '';
        for (const type of PRESSURES) {
          await kit.pressure(name, type, true);
          const root = await incidents.shows(`Node ${name}`, ({ text }) => text.includes(type));
          expect(root.color).toBe(ORANGE);
          expect(root.text).toContain(`under pressure, ${onIt(await podsOn(name))}`);
        }
        for (const type of PRESSURES) await kit.pressure(name, type, false);
      });
    });

    describe('containers that were killed and run again', () => {
      it(
        'are told all the same',
        async () => {
          await Promise.all(killed.map(async (story) => [await story.begin(), await looksAt(story)]));
        },
        2 * TOLD_MS,
      );
    });

    describe('what lasts', () => {
      beforeAll(() => Promise.all(lasting.map(({ begin }) => begin())));
      it.each(lasting)('of $owner', looksAt, 2 * TOLD_MS);

      it(
        'is joined by what turns out to be behind it, with new evidence',
        async () => {
          const { owner, reason = '' } =
            lasting.find((story) => story.owner === 'Deployment slow') ?? expect.fail('none');
          kit.crash(refOf(deployment('slow')), { exitCode: 4 });
          const root = await incidents.shows(owner, ({ text }) => text.includes('CrashLoopBackOff'), TOLD_MS);
          expect(root.text).toContain('rollout is stuck');
          await incidents.told(root, reason, TOLD_MS);
          await incidents.told(root, '*Exit code* 4', TOLD_MS);
        },
        3 * TOLD_MS,
      );
    });

    describe('a rollout that is complete', () => {
      beforeAll(() => place(deployment('shop', { image: image('shop', '1.1') })));
      it('is one green message at once', async () => {
        const root = await incidents.shows('Deployment shop', ({ text }) => text.includes('rollout complete'));
        expect(root.color).toBe(GREEN);
        expect([...root.buttons, ...root.inputs]).toEqual([]);
        expect(root.text).toContain('revision 2');
        await incidents.told(root, '*Rollout* shop:1.0 → shop:1.1');
      });
    });

    describe('in the end', () => {
      const stories = [...killed, ...lasting];
      beforeAll(async () => {
        await Promise.all(stories.map(({ end }) => end()));
        await Promise.all(
          [...nodes(), ...stories.map(({ owner }) => owner)].map((owner) => incidents.green(owner, END_MS)),
        );
      }, END_MS + 10_000);

      it(
        'each is green, without buttons, and tells how long it took',
        async () => {
          for (const owner of [...nodes(), ...stories.map((story) => story.owner)]) {
            const root = incidents.exactlyOne(owner);
            expect(root.text).toMatch(/: over after (\d+ (s|min)|less than a second) \(/);
            expect([...root.buttons, ...root.inputs]).toEqual([]);
            await incidents.told(root, /^:large_green_circle: Over after (\d+|less)/, END_MS);
          }
        },
        END_MS,
      );

      it('has its evidence once', () => {
        for (const { owner, evidence, reason } of stories) {
          const thread = incidents.thread(incidents.exactlyOne(owner)).map(({ text }) => text);
          const times = thread.filter((text) => text.includes(evidence[0] ?? '')).length;
          const isAsked = reason !== undefined && thread.some((text) => reason.test(text));
          expect(times, owner).toBeGreaterThanOrEqual(1);
          expect(times, owner).toBeLessThanOrEqual(isAsked ? 2 : 1);
        }
      });

      it('and there is nothing else', () => {
        const owners = [...nodes(), ...stories.map(({ owner }) => owner), 'Deployment shop'];
        for (const owner of owners) incidents.exactlyOne(owner);
        expect(incidents.roots().map(({ text }) => text.split('\n')[0])).toHaveLength(owners.length);
      });
    });
  },
  QUICK_BOOKMARKS,
);
