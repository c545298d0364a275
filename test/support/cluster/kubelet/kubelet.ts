import type { Scheduler } from '../scheduler.ts';
import type { Json, KubeObject, Ref } from '../types.ts';
import { type Behaviour, belongsTo, createBehaviours } from './behaviour.ts';
import { createLogs } from './logs.ts';
import { nextStep, type Pace, type Step, type StepKind, targetContainer } from './next-step.ts';
import * as status from './pod-status.ts';

/** A pod as it is after a write; undefined where it is gone. */
export type Written = Promise<KubeObject | undefined>;

/** What the stand-in for scheduler and kubelet needs of a cluster. Calls about a pod that is gone do nothing. */
export interface KubeletApi {
  bind(pod: KubeObject, node: string): Written;
  setStatus(pod: KubeObject, status: Json): Written;
  /** Ends a deletion that somebody asked for. */
  finish(pod: KubeObject): Written;
  recordEvent(about: KubeObject, event: { type: 'Normal' | 'Warning'; reason: string; message: string }): Promise<void>;
}

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

const UNSCHEDULABLE = '0/3 nodes are available: 3 Insufficient cpu.';

const wantedNode = (pod: KubeObject): string | undefined =>
  pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms?.[0]
    ?.matchFields?.[0]?.values?.[0];

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
  let placed = 0;
  let addresses = 0;
  let stopped = false;

  const pickNode = (pod: KubeObject): string | undefined => {
    const wanted = wantedNode(pod);
    if (wanted !== undefined) return wanted;
    const usable = nodes().filter((node) => !failedNodes.has(node));
    placed += 1;
    return usable[placed % usable.length];
  };
  const podIP = () => {
    addresses += 1;
    return `10.244.${(addresses >> 8) % 256}.${addresses % 256}`;
  };

  const kill = (pod: KubeObject, container: string, exitCode: number, reason: string) => {
    doomed.delete(pod.metadata.uid);
    return api.setStatus(pod, status.terminatedStatus(pod, scheduler.now(), { container, exitCode, reason }));
  };

  const bind = async (pod: KubeObject) => {
    const node = pickNode(pod);
    if (node === undefined) return undefined;
    const { namespace, name } = pod.metadata;
    const message = `Successfully assigned ${namespace}/${name} to ${node}`;
    await api.recordEvent(pod, { type: 'Normal', reason: 'Scheduled', message });
    return await api.bind(pod, node);
  };

  const markUnschedulable = async (pod: KubeObject, message: string) => {
    await api.recordEvent(pod, { type: 'Warning', reason: 'FailedScheduling', message });
    return await api.setStatus(pod, status.unschedulableStatus(pod, scheduler.now(), message));
  };

  const backOff = async (pod: KubeObject, container: string) => {
    const message = `Back-off restarting failed container ${container} in pod ${pod.metadata.name}`;
    await api.recordEvent(pod, { type: 'Warning', reason: 'BackOff', message });
    return await api.setStatus(pod, status.crashLoopStatus(pod, scheduler.now()));
  };

  const failToPull = async (pod: KubeObject) => {
    const image = pod.spec.containers[0].image;
    const message = `Failed to pull image "${image}": ${status.pullError(image)}`;
    await api.recordEvent(pod, { type: 'Warning', reason: 'Failed', message });
    return await api.setStatus(pod, status.pullErrorStatus(pod, scheduler.now(), false));
  };

  const take = (kind: StepKind, pod: KubeObject, behaviour: Behaviour): Written => {
    const now = scheduler.now();
    const target = targetContainer(pod, behaviour);
    switch (kind) {
      case 'bind':
        return bind(pod);
      case 'mark unschedulable':
        return markUnschedulable(pod, behaviour.kind === 'unschedulable' ? behaviour.message : UNSCHEDULABLE);
      case 'create':
        return api.setStatus(pod, status.creatingStatus(pod, now, podIP()));
      case 'run':
        return api.setStatus(pod, status.runningStatus(pod, now));
      case 'ready':
        return api.setStatus(pod, status.readyStatus(pod, now));
      case 'crash':
        return kill(pod, target, behaviour.kind === 'crash' ? behaviour.exitCode : 1, 'Error');
      case 'kill':
        return kill(pod, target, 137, 'OOMKilled');
      case 'back off':
        return backOff(pod, target);
      case 'fail to pull':
        return failToPull(pod);
      case 'give up pulling':
        return api.setStatus(pod, status.pullErrorStatus(pod, now, true));
      case 'finish':
        return api.finish(pod);
    }
  };

  /** The answer to a write and the event about it come in either order: the newer one counts. */
  const renew = (charge: Charge, pod: KubeObject) => {
    if (versionOf(pod) > versionOf(charge.pod)) charge.pod = pod;
  };

  const perform = async (charge: Charge, step: Step) => {
    const before = charge.pod;
    charge.planned = undefined;
    charge.busy = true;
    try {
      const written = await take(step.kind, before, behaviours.of(before));
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
          const written = await api.setStatus(charge.pod, status.nodeReadyStatus(charge.pod, scheduler.now(), !failed));
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
