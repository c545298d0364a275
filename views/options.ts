import type { PlainTextOption } from '@slack/types';
import type { PodSummary, WorkloadSummary } from '../src/kubernetes/snapshot-reader.ts';
import { cut } from './text.ts';

/** Slack takes at most so many options for one answer. */
export const MAX_OPTIONS = 100;

/** An option of a select: `value` is what comes back, `text` what is shown. */
export interface Choice {
  value: string;
  text: string;
  description?: string | undefined;
}

export function option({ value, text, description }: Choice): PlainTextOption {
  return {
    text: { type: 'plain_text', text: cut(text, 75) || '-' },
    value,
    ...(description ? { description: { type: 'plain_text', text: cut(description, 75) } } : {}),
  };
}

/** What an external select answers: the first hundred, each value once. */
export function options(choices: readonly Choice[]): PlainTextOption[] {
  return [...new Map(choices.map((choice) => [choice.value, choice])).values()].slice(0, MAX_OPTIONS).map(option);
}

export function namespaceChoice(namespace: string): Choice {
  return { value: namespace, text: namespace };
}

export function workloadChoice(workload: WorkloadSummary): Choice {
  return {
    value: workload.uid,
    text: workload.name,
    description: `${workload.kind} in ${workload.namespace}, ${workload.ready} of ${workload.replicas} ready`,
  };
}

export function podChoice(pod: PodSummary): Choice {
  return { value: pod.uid, text: pod.name, description: `${pod.status}, ${pod.namespace}` };
}

export function containerChoice(container: string): Choice {
  return { value: container, text: container };
}
