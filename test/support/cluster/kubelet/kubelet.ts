import type { Scheduler } from '../scheduler.ts';
import type { KubeObject, Ref } from '../types.ts';
import { type Behaviour, belongsTo, createBehaviours } from './behaviour.ts';
import { createLogs } from './logs.ts';
import { nextStep, type Pace, type Step } from './next-step.ts';
import { createStepPerformer, type KubeletApi, UNSCHEDULABLE } from './perform-step.ts';
import { nodeReadyStatus } from './pod-status.ts';

export interface KubeletOptions {
  api: KubeletApi;
  scheduler: Scheduler;
  pace: Pace;
  /** Names of the nodes that pods may be put on. */
  nodes(): string[];
  /** Told of what went wrong where nobody waits for it. */
  onError(error: unknown): void;
}

export type Kubelet = ReturnType<typeof createKubelet>;

const versionOf = ({ metadata }: KubeObject) => Number(metadata.resourceVersion);

interface Charge {
  pod: KubeObject;
  planned: { step: Step; cancel: () => void } | undefined;
  /** A step is being written. */
  busy: boolean;
}

/** Moves pods along their lives: one step at a time, each seen in the cluster before the next is planned. */
export function createKubelet({ api, scheduler, pace, nodes, onError }: KubeletOptions) {
  const behaviours = createBehaviours();
  const logs = createLogs(() => scheduler.now());
  const charges = new Map<string, Charge>();
  const doomed = new Set<string>();
  const failedNodes = new Set<string>();
  let stopped = false;

  const usableNodes = () => nodes().filter((node) => !failedNodes.has(node));
  const performStep = createStepPerformer({ api, now: () => scheduler.now(), usableNodes });

  /** The answer to a write and the event about it come in either order: the newer one counts. */
  const renew = (charge: Charge, pod: KubeObject) => {
    if (versionOf(pod) > versionOf(charge.pod)) charge.pod = pod;
  };

  const perform = async (charge: Charge, step: Step) => {
    const before = charge.pod;
    charge.planned = undefined;
    charge.busy = true;
    if (step.kind === 'kill') doomed.delete(before.metadata.uid);
    try {
      const written = await performStep(step.kind, before, behaviours.of(before));
      if (written) renew(charge, written);
    } catch (error) {
      onError(error);
    }
    charge.busy = false;
    if (charge.pod !== before) plan(charge);
  };

  const plan = (charge: Charge) => {
    if (stopped || charge.busy || charges.get(charge.pod.metadata.uid) !== charge) return;
    const { pod } = charge;
    const asleep = pod.spec.nodeName !== undefined && failedNodes.has(pod.spec.nodeName);
    const step = asleep ? undefined : nextStep(pod, behaviours.of(pod), doomed.has(pod.metadata.uid), pace);
    if (charge.planned && charge.planned.step.kind === step?.kind) return;
    charge.planned?.cancel();
    charge.planned = step && { step, cancel: scheduler.after(step.after, () => void perform(charge, step)) };
  };

  const podsOf = (ref: Ref): Charge[] => [...charges.values()].filter(({ pod }) => belongsTo(pod, ref));

  const behave = (ref: Ref, behaviour: Behaviour) => {
    behaviours.set(ref, behaviour);
    for (const charge of podsOf(ref)) plan(charge);
  };

  return {
    logs,

    /** Every pod event of the cluster comes in here, also for the pods that exist at the start. */
    observe(type: 'ADDED' | 'MODIFIED' | 'DELETED', pod: KubeObject): void {
      const { uid } = pod.metadata;
      const known = charges.get(uid);
      if (type === 'DELETED') {
        known?.planned?.cancel();
        charges.delete(uid);
        return;
      }
      const charge = known ?? { pod, planned: undefined, busy: false };
      renew(charge, pod);
      charges.set(uid, charge);
      plan(charge);
    },

    /** Its containers crash, again and again; all of its pods, now and later. */
    crash: (ref: Ref, { container, exitCode = 1 }: { container?: string; exitCode?: number } = {}) =>
      behave(ref, { kind: 'crash', container, exitCode }),

    /** Each of its running pods is killed once for want of memory, and starts again. */
    oom(ref: Ref): void {
      for (const charge of podsOf(ref)) {
        doomed.add(charge.pod.metadata.uid);
        plan(charge);
      }
    },

    /** The image of pods that appear from now on cannot be pulled. */
    breakImage: (ref: Ref) =>
      behave(ref, { kind: 'no image', spared: new Set(podsOf(ref).map(({ pod }) => pod.metadata.uid)) }),

    /** No node takes its pods that appear from now on. */
    unschedulable: (ref: Ref, message = UNSCHEDULABLE) => behave(ref, { kind: 'unschedulable', message }),

    /** Takes back what was done to it by name. */
    recover(ref: Ref): void {
      behaviours.clear(ref);
      for (const charge of podsOf(ref)) plan(charge);
    },

    /** Nothing moves any more on a node that has failed. */
    async setNodeFailed(node: string, failed: boolean): Promise<void> {
      if (failed) failedNodes.add(node);
      else failedNodes.delete(node);
      for (const charge of charges.values()) {
        const { spec, status: reported } = charge.pod;
        if (spec.nodeName === node && reported?.phase === 'Running') {
          const written = await api.setStatus(charge.pod, nodeReadyStatus(charge.pod, scheduler.now(), !failed));
          if (written) renew(charge, written);
        }
        plan(charge);
      }
    },

    stop(): void {
      stopped = true;
      for (const charge of charges.values()) charge.planned?.cancel();
    },
  };
}
