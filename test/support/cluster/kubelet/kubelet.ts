import type { Scheduler } from '../scheduler.ts';
import type { KubeObject, Ref } from '../types.ts';
import { type Behaviour, belongsTo, createBehaviours } from './behaviour.ts';
import { containersOf } from './containers.ts';
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

export interface CrashOptions {
  container?: string;
  exitCode?: number;
  /** What the kubelet calls it; `OOMKilled` with exit code 137 makes an endless loop of kills. */
  reason?: string;
}

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
  /** By the pod's uid: the container that is to be killed. */
  const doomed = new Map<string, string>();
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
    const killed = doomed.get(before.metadata.uid);
    if (step.kind === 'kill') doomed.delete(before.metadata.uid);
    try {
      const written = await performStep(step.kind, before, behaviours.of(before), killed);
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

  const uidsOf = (ref: Ref) => new Set(podsOf(ref).map(({ pod }) => pod.metadata.uid));

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

    /**
     * One of its containers (the named one, an init container too; else the first) crashes, again and again: in all
     * of its pods, now and later. An init container that has done its part runs in new pods only.
     */
    crash: (ref: Ref, { container, exitCode = 1, reason = 'Error' }: CrashOptions = {}) =>
      behave(ref, { kind: 'crash', container, exitCode, reason, once: false }),

    /**
     * Kills a container once for want of memory, which starts again. The first, or the named one, of each running
     * pod; where pods have it as an init container, the first run in each pod that appears from now on.
     */
    oom(ref: Ref, { container }: { container?: string } = {}): void {
      const charged = podsOf(ref);
      const named = ({ pod }: Charge) =>
        containersOf(pod).find(({ name }) => container === undefined || name === container);
      if (container !== undefined && !charged.some(named)) {
        behave(ref, { kind: 'crash', container, exitCode: 137, reason: 'OOMKilled', once: true });
        return;
      }
      for (const charge of charged) {
        doomed.set(charge.pod.metadata.uid, named(charge).name);
        plan(charge);
      }
    },

    /** The image of pods that appear from now on cannot be pulled. */
    breakImage: (ref: Ref) => behave(ref, { kind: 'no image', spared: uidsOf(ref) }),

    /** The containers of pods that appear from now on cannot be made: something that they refer to is missing. */
    breakConfig: (ref: Ref, message = 'secret "settings" not found') =>
      behave(ref, { kind: 'bad config', message, spared: uidsOf(ref) }),

    /** Pods that appear from now on run, and never become ready. */
    failReadiness: (ref: Ref) => behave(ref, { kind: 'never ready', spared: uidsOf(ref) }),

    /** Its pods stay as they are, whatever is written to their status, until it recovers. */
    freeze: (ref: Ref) => behave(ref, { kind: 'frozen' }),

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

    /** Forgets every pod: the cluster's versions count from a lower number now. What behaves how is kept. */
    forgetPods(): void {
      for (const charge of charges.values()) charge.planned?.cancel();
      charges.clear();
    },

    stop(): void {
      stopped = true;
      for (const charge of charges.values()) charge.planned?.cancel();
    },
  };
}
