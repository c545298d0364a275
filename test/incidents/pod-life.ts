import { createInterner } from '../../src/kubernetes/interner.ts';
import type { RawContainerStatus, RawNode, RawPod } from '../../src/kubernetes/raw.ts';
import type { JobSummary, SignsPicture } from '../../src/kubernetes/signs.ts';
import { summarizeNode, summarizePod } from '../../src/kubernetes/summaries.ts';

/** What may happen to a pod, in any order: the worst kubelet. */
export const HAPPENINGS = [
  'create',
  'unschedulable',
  'run',
  'kill',
  'restart',
  'crash',
  'back off',
  'fail to pull',
  'back off pulling',
  'fail to configure',
  'fail for good',
  'terminate',
  'delete',
  'node down',
  'node up',
] as const;
export type Happening = (typeof HAPPENINGS)[number];

interface Slot {
  generation: number;
  createdAt: number;
  phase: string;
  scheduled: number | undefined;
  status: RawContainerStatus;
  terminating: boolean;
}

const DEPLOYMENTS = ['web', 'web', 'web', 'api'];
export const SLOTS = DEPLOYMENTS.length;
export const POD_NAMES = DEPLOYMENTS.map((owner, index) => `${owner}-${index}`);
export const NODES = 2;

const stamp = (time: number) => new Date(time).toISOString();

/** Four pods of two Deployments on two nodes, seen through the agent's own projections. */
export function createPodLife() {
  const intern = createInterner();
  const slots: (Slot | undefined)[] = DEPLOYMENTS.map(() => undefined);
  const downSince: (number | undefined)[] = Array.from({ length: NODES }, () => undefined);
  let generation = 0;

  const create = (now: number): Slot => {
    generation += 1;
    const state = { waiting: { reason: 'ContainerCreating' } };
    return {
      generation,
      createdAt: now,
      phase: 'Pending',
      scheduled: undefined,
      status: { name: 'app', restartCount: 0, state },
      terminating: false,
    };
  };

  const ended = ({ status }: Slot) => status.state?.terminated ?? status.lastState?.terminated;

  const wait = (slot: Slot, reason: string): void => {
    const before = ended(slot);
    const state = { waiting: { reason, message: `${reason} of ${slot.generation}` } };
    slot.status = { ...slot.status, state, ...(before && { lastState: { terminated: before } }) };
  };

  const run = (slot: Slot, now: number): void => {
    const before = ended(slot);
    const restartCount = (slot.status.restartCount ?? 0) + (before ? 1 : 0);
    const state = { running: { startedAt: stamp(now) } };
    slot.phase = 'Running';
    slot.scheduled = undefined;
    slot.status = { name: 'app', restartCount, state, ...(before && { lastState: { terminated: before } }) };
  };

  const end = (slot: Slot, reason: string, exitCode: number, now: number): void => {
    const terminated = { reason, exitCode, finishedAt: stamp(now) };
    slot.status = { ...slot.status, state: { terminated } };
  };

  const effects: Record<
    Exclude<Happening, 'create' | 'delete' | 'node down' | 'node up'>,
    (slot: Slot, now: number) => void
  > = {
    unschedulable: (slot, now) => {
      if (slot.phase === 'Pending') slot.scheduled = now;
    },
    run,
    kill: (slot, now) => end(slot, 'OOMKilled', 137, now),
    restart: (slot, now) => {
      end(slot, 'OOMKilled', 137, now - 1000);
      run(slot, now);
    },
    crash: (slot, now) => end(slot, 'Error', 1, now),
    'back off': (slot, now) => {
      if (!ended(slot)) end(slot, 'Error', 1, now);
      wait(slot, 'CrashLoopBackOff');
    },
    'fail to pull': (slot) => wait(slot, 'ErrImagePull'),
    'back off pulling': (slot) => wait(slot, 'ImagePullBackOff'),
    'fail to configure': (slot) => wait(slot, 'CreateContainerConfigError'),
    'fail for good': (slot, now) => {
      end(slot, 'OOMKilled', 137, now);
      slot.phase = 'Failed';
    },
    terminate: (slot) => {
      slot.terminating = true;
    },
  };

  const rawPod = (slot: Slot, index: number): RawPod => ({
    metadata: {
      name: POD_NAMES[index] ?? '',
      namespace: 'shop',
      uid: `pod-${slot.generation}`,
      creationTimestamp: stamp(slot.createdAt),
      labels: { app: DEPLOYMENTS[index] ?? '' },
      ownerReferences: [
        { kind: 'Deployment', name: DEPLOYMENTS[index] ?? '', uid: `d-${DEPLOYMENTS[index]}`, controller: true },
      ],
      ...(slot.terminating && { deletionTimestamp: stamp(slot.createdAt) }),
    },
    spec: { containers: [{ name: 'app' }], ...(slot.scheduled === undefined && { nodeName: `node-${index % NODES}` }) },
    status: {
      phase: slot.phase,
      containerStatuses: slot.scheduled === undefined ? [slot.status] : [],
      conditions:
        slot.scheduled === undefined
          ? []
          : [
              {
                type: 'PodScheduled',
                status: 'False',
                reason: 'Unschedulable',
                message: '0/2 nodes are available',
                lastTransitionTime: stamp(slot.scheduled),
              },
            ],
    },
  });

  const rawNode = (index: number): RawNode => ({
    metadata: { name: `node-${index}`, uid: `n-${index}` },
    status: {
      conditions: [
        {
          type: 'Ready',
          status: downSince[index] === undefined ? 'True' : 'Unknown',
          lastTransitionTime: stamp(downSince[index] ?? 0),
        },
      ],
    },
  });

  return {
    /** The objects as an API server has them. */
    objects: () => ({
      pods: slots.flatMap((slot, index) => (slot ? [rawPod(slot, index)] : [])),
      nodes: downSince.map((_, index) => rawNode(index)),
    }),
    happen(happening: Happening, index: number, now: number): void {
      if (happening === 'node down') downSince[index % NODES] ??= now;
      else if (happening === 'node up') downSince[index % NODES] = undefined;
      else if (happening === 'create') slots[index] = create(now);
      else if (happening === 'delete') slots[index] = undefined;
      else {
        const slot = slots[index];
        if (slot && slot.phase !== 'Failed') effects[happening](slot, now);
      }
    },
    picture(now: number): SignsPicture {
      const pods = slots.flatMap((slot, index) =>
        slot ? [summarizePod(rawPod(slot, index), intern, (owner) => owner)] : [],
      );
      const nodes = downSince.map((_, index) => summarizeNode(rawNode(index), intern));
      const jobs: JobSummary[] = [];
      return {
        complete: true,
        unseen: [],
        asOf: now,
        pods: pods.filter(({ signs }) => signs),
        nodes: nodes.filter(({ signs }) => signs),
        workloads: [],
        jobs,
        podsOn: (node) => pods.filter((pod) => pod.node === node),
      };
    },
  };
}
