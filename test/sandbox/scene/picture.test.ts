import { describe, expect, it } from 'vitest';
import type { PodSummary } from '../../../src/kubernetes/snapshot-reader.ts';
import { nodeOf, podOf, workloadOf } from '../../kubernetes/snapshot-of.ts';
import { PODS_SHOWN, pictureOf, type Seen, WORKLOADS_SHOWN } from './picture.ts';

const picture = (seen: Partial<Seen>) => pictureOf({ workloads: [], pods: [], nodes: [], ...seen }, () => undefined);
const ofWeb = { kind: 'Deployment', name: 'web', uid: 'w-web' };
const webPod = (name: string, change: Partial<PodSummary> = {}) => podOf(name, undefined, { owner: ofWeb, ...change });
const waits = { labels: {}, containers: [], over: false, unschedulable: { since: 0, message: 'no node fits' } };

describe('a pod', () => {
  it.each<[string, Partial<PodSummary>, string]>([
    ['is good when it runs and is ready', {}, 'good'],
    ['is starting while it runs and is not ready', { isReady: false }, 'starting'],
    ['is starting while it is pending', { status: 'Pending', isReady: false }, 'starting'],
    ['is starting while its containers are created', { status: 'ContainerCreating', isReady: false }, 'starting'],
    ['is starting in its init containers', { status: 'Init:0/2', isReady: false }, 'starting'],
    ['is bad when no node takes it', { status: 'Pending', isReady: false, signs: waits }, 'bad'],
    ['is bad when it crashes', { status: 'CrashLoopBackOff', isReady: false }, 'bad'],
    ['is bad when an init container crashes', { status: 'Init:CrashLoopBackOff', isReady: false }, 'bad'],
    ['is bad when it was killed', { status: 'OOMKilled', isReady: false }, 'bad'],
    ['is bad when it ended with an error', { status: 'Error', isReady: false }, 'bad'],
    ['is bad when its image cannot be pulled', { status: 'ErrImagePull', isReady: false }, 'bad'],
    ['is bad when its container cannot be made', { status: 'CreateContainerConfigError', isReady: false }, 'bad'],
    ['is bad on a node that is not ready', { node: 'node-2' }, 'bad'],
    ['is ending while it is deleted, on whatever node', { status: 'Terminating', node: 'node-2' }, 'ending'],
    ['is done when it has succeeded', { status: 'Completed', isReady: false }, 'done'],
  ])('%s', (_, change, colour) => {
    const nodes = [nodeOf('node-1'), nodeOf('node-2', { ready: false })];
    const { workloads } = picture({ workloads: [workloadOf('web')], pods: [webPod('a', change)], nodes });
    expect(workloads[0]?.pods[0]?.colour).toBe(colour);
  });

  it('comes with its status, restarts and node, the oldest first', () => {
    const pods = [
      webPod('young', { createdAt: 3, node: undefined }),
      webPod('b', { createdAt: 2 }),
      webPod('a', { createdAt: 2, status: 'Error', restarts: 4 }),
    ];
    expect(picture({ workloads: [workloadOf('web')], pods }).workloads[0]?.pods).toEqual([
      { name: 'a', colour: 'bad', status: 'Error', restarts: 4, node: 'node-1' },
      { name: 'b', colour: 'good', status: 'Running', restarts: 0, node: 'node-1' },
      { name: 'young', colour: 'good', status: 'Running', restarts: 0, node: undefined },
    ]);
  });

  it('without a workload is counted on its node only', () => {
    const pods = [podOf('job', undefined), webPod('a')];
    const { workloads, nodes } = picture({ workloads: [workloadOf('web')], pods, nodes: [nodeOf('node-1')] });
    expect(workloads[0]?.pods.map(({ name }) => name)).toEqual(['a']);
    expect(nodes).toEqual([{ name: 'node-1', ready: true, status: 'Ready', pods: 2 }]);
  });
});

describe('workloads', () => {
  it('stand by namespace, kind and name; those of another object and bare ReplicaSets are left out', () => {
    const workloads = [
      workloadOf('web'),
      workloadOf('agent', { kind: 'DaemonSet' }),
      workloadOf('api'),
      workloadOf('inner', { owned: true }),
      workloadOf('bare', { kind: 'ReplicaSet' }),
      workloadOf('z', { namespace: 'a' }),
    ];
    expect(picture({ workloads }).workloads.map(({ name }) => name)).toEqual(['z', 'agent', 'api', 'web']);
  });

  it('say what lasts that was done to them', () => {
    const seen = { workloads: [workloadOf('api'), workloadOf('web')], pods: [], nodes: [] };
    const { workloads } = pictureOf(seen, ({ name }) => (name === 'web' ? 'crash' : undefined));
    expect(workloads.map(({ trouble }) => trouble)).toEqual([undefined, 'crash']);
  });

  it('keep their pods in trouble where those are too many to show', () => {
    const pods = Array.from({ length: PODS_SHOWN + 5 }, (_, index) => webPod(`p${index}`, { createdAt: index }));
    pods.push(webPod('sick', { createdAt: 99, status: 'Error' }));
    const [web] = picture({ workloads: [workloadOf('web')], pods }).workloads;
    expect(web?.pods).toHaveLength(PODS_SHOWN);
    expect(web?.pods.at(-1)?.name).toBe('sick');
    expect(web?.morePods).toBe(6);
  });

  it('in trouble are kept where they are too many to show, in their order', () => {
    const many = Array.from({ length: WORKLOADS_SHOWN }, (_, index) => workloadOf(`a${index}`));
    const workloads = [...many, workloadOf('few', { ready: 1 }), workloadOf('web')];
    const shown = picture({ workloads, pods: [webPod('sick', { status: 'CrashLoopBackOff' })] });
    expect(shown.workloads).toHaveLength(WORKLOADS_SHOWN);
    expect(shown.workloads.slice(-2).map(({ name }) => name)).toEqual(['few', 'web']);
    expect(shown.moreWorkloads).toBe(2);
  });
});

it('says nothing of nodes where they may not be listed', () => {
  const { nodes, workloads } = picture({ workloads: [workloadOf('web')], pods: [webPod('a')], nodes: undefined });
  expect(nodes).toBeUndefined();
  expect(workloads[0]?.pods[0]?.colour).toBe('good');
});
