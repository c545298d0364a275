import type { ModalView } from '@slack/types';
import { actionModal, type CurrentState, type ModalContext, type ModalInitial } from '../../views/modal.ts';
import type { FieldValue } from '../../views/modal-fields.ts';
import { namespaceChoice, podChoice, workloadChoice } from '../../views/options.ts';
import { shortfallOf } from '../../views/shortfall.ts';
import type { Action } from '../actions/action.ts';
import type { ClusterSnapshot, WorkloadSummary } from '../kubernetes/snapshot-reader.ts';
import { requireMember } from '../requests/eligibility.ts';
import { type Chosen, findChosen, worstPodOf } from './find-chosen.ts';
import type { FrontDesk } from './front-desk.ts';
import { callSlack } from './slack-errors.ts';

export interface OpenModal {
  triggerId: string;
  user: string;
  action: Action;
  /** Where the request will be posted, if that is known already. */
  channel?: string | undefined;
  thread?: string | undefined;
  /** What is known of the target before anybody has chosen. */
  chosen?: Partial<Chosen> | undefined;
}

/** Opens the modal of an action. NotAllowedError for those who may not use opsbot. */
export async function openModal(front: FrontDesk, modal: OpenModal): Promise<void> {
  await requireMember(front.people, modal.user);
  const snapshot = await pictureOf(front);
  const { namespace, workload } = modal.chosen ?? {};
  const wantsPod = modal.action.fields.some(({ control }) => control === 'pod');
  const pod = modal.chosen?.pod ?? (snapshot && workload && wantsPod ? worstPodOf(snapshot, workload) : undefined);
  const context: ModalContext = {
    channel: modal.channel ?? (modal.action.effect === 'change' ? front.channels.requests : undefined),
    thread: modal.thread,
    namespace: namespace ?? workload?.namespace ?? pod?.namespace,
    workload: workload?.uid,
    pod: pod?.uid,
  };
  const view = modalOf({ front, action: modal.action, context, snapshot }, {});
  await callSlack(() => front.slack.views.open({ trigger_id: modal.triggerId, view }));
}

/** The cluster's picture; undefined where there is none, in which case the modal works without suggestions. */
export async function pictureOf(front: FrontDesk): Promise<ClusterSnapshot | undefined> {
  return front.snapshot.read().catch((error: unknown) => {
    front.log.warn({ err: error }, 'no picture of the cluster');
    return undefined;
  });
}

interface ShownModal {
  front: Pick<FrontDesk, 'allowed'>;
  action: Action;
  context: ModalContext;
  snapshot: ClusterSnapshot | undefined;
}

/** The modal of an action with what is chosen so far. */
export function modalOf({ front, action, context, snapshot }: ShownModal, entered: ModalInitial): ModalView {
  const chosen = findChosen(snapshot, context);
  return actionModal({
    action,
    context,
    initial: { ...entered, fields: { ...prefilled(action, chosen), ...entered.fields } },
    current: snapshot && chosen.workload ? currentState(snapshot, chosen.workload) : undefined,
    shortfall: shortfallOf(snapshot?.shortfalls, action.name, namespaceOf(chosen)),
    reason: action.effect === 'read' ? 'none' : 'optional',
    channelChoice: action.effect === 'change' && context.channel === undefined ? choiceIn(front) : 'none',
  });
}

function choiceIn({ allowed }: Pick<FrontDesk, 'allowed'>): 'any' | 'listed' {
  return allowed === undefined ? 'any' : 'listed';
}

function namespaceOf({ namespace, workload, pod }: Chosen): string | undefined {
  return namespace ?? workload?.namespace ?? pod?.namespace;
}

function prefilled(action: Action, { namespace, workload, pod }: Chosen): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  for (const field of action.fields) {
    if (field.control === 'namespace' && namespace) values[field.name] = namespaceChoice(namespace);
    if (field.control === 'workload' && workload && field.kinds.includes(workload.kind)) {
      values[field.name] = workloadChoice(workload);
    }
    if (field.control === 'pod' && pod) values[field.name] = podChoice(pod);
    if (field.control === 'number' && field.name === 'replicas' && workload) values[field.name] = workload.replicas;
  }
  return values;
}

function currentState(snapshot: ClusterSnapshot, workload: WorkloadSummary): CurrentState {
  const { kind, namespace, name, replicas, ready, updated, problem } = workload;
  const autoscaler = [...(snapshot.autoscalers?.values() ?? [])].find(
    (one) => one.namespace === namespace && one.targetKind === kind && one.targetName === name,
  );
  return { kind, namespace, name, replicas, ready, updated, autoscaler, problem };
}
