import type { AllMiddlewareArgs, SlackOptionsMiddlewareArgs } from '@slack/bolt';
import { nameIn } from '../../views/ids.ts';
import { type ModalContext, readMetadata } from '../../views/modal.ts';
import {
  ALL_NAMESPACES,
  type Choice,
  containerChoice,
  MAX_OPTIONS,
  namespaceChoice,
  options,
  podChoice,
  workloadChoice,
} from '../../views/options.ts';
import type { Field } from '../actions/action.ts';
import type { ClusterSnapshot } from '../kubernetes/snapshot-reader.ts';
import { requireMember } from '../requests/eligibility.ts';
import { bestMatches } from './best-matches.ts';
import { findChosen } from './find-chosen.ts';
import type { FrontDesk } from './front-desk.ts';

type Search = SlackOptionsMiddlewareArgs<'block_suggestion'> & AllMiddlewareArgs;

/** What a modal's select offers for what was typed so far. */
export function searchField(front: FrontDesk) {
  return async ({ body, payload, ack }: Search): Promise<void> => {
    await requireMember(front.people, body.user.id);
    const metadata = readMetadata(body.view?.private_metadata);
    const action = front.actions.find(({ name }) => name === metadata?.action);
    const field = action?.fields.find(({ name }) => name === nameIn('field', payload.action_id));
    const found = field ? choicesFor(field, await front.snapshot.read(), metadata?.context ?? {}, payload.value) : [];
    await ack({ options: options(found) });
  };
}

/** What the namespace filter of Home offers. */
export function searchNamespaces(front: FrontDesk) {
  return async ({ body, payload, ack }: Search): Promise<void> => {
    await requireMember(front.people, body.user.id);
    const { namespaces } = await front.snapshot.read();
    const found = bestMatches(namespaces, payload.value, (namespace) => namespace, MAX_OPTIONS - 1);
    const choices = found.map(namespaceChoice);
    // Always there: it is the only way back to all of them. First only where it is meant: Enter takes what is first.
    const isMeant = ALL_NAMESPACES.text.toLowerCase().includes(payload.value.trim().toLowerCase());
    await ack({ options: options(isMeant ? [ALL_NAMESPACES, ...choices] : [...choices, ALL_NAMESPACES]) });
  };
}

function choicesFor(field: Field, snapshot: ClusterSnapshot, context: ModalContext, typed: string): Choice[] {
  const inNamespace = (one: { namespace: string }) =>
    context.namespace === undefined || one.namespace === context.namespace;
  const name = (one: { name: string }) => one.name;
  switch (field.control) {
    case 'namespace':
      return bestMatches(snapshot.namespaces, typed, (namespace) => namespace, MAX_OPTIONS).map(namespaceChoice);
    case 'workload': {
      const fitting = [...snapshot.workloads.values()].filter(
        (one) => field.kinds.includes(one.kind) && !one.owned && inNamespace(one),
      );
      return bestMatches(fitting, typed, name, MAX_OPTIONS).map(workloadChoice);
    }
    case 'pod': {
      const fitting = [...snapshot.pods.values()].filter(inNamespace);
      return bestMatches(fitting, typed, name, MAX_OPTIONS).map(podChoice);
    }
    case 'container':
      return containersOf(snapshot, context, typed).map(containerChoice);
    default:
      return [];
  }
}

function containersOf(snapshot: ClusterSnapshot, context: ModalContext, typed: string): string[] {
  const { pod, workload } = findChosen(snapshot, context);
  const containers = pod?.containers ?? workload?.containers ?? [];
  return bestMatches(containers, typed, (container) => container, MAX_OPTIONS);
}
