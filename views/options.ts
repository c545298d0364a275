import type { PlainTextOption } from '@slack/types';
import type { PodSummary, WorkloadSummary } from '../src/kubernetes/snapshot-reader.ts';
import { clean, cut } from './text.ts';

/** Slack takes at most so many options for one answer. */
export const MAX_OPTIONS = 100;

/** What the namespace filter of Home offers first. */
export const ALL_NAMESPACES = { value: '*', text: 'All namespaces' } as const satisfies Choice;

const MAX_VALUE = 150;

/** An option of a select: `value` is what comes back, `text` what is shown. */
export interface Choice {
  value: string;
  text: string;
  description?: string | undefined;
}

/** False for a value that Slack would refuse, which no name of the cluster reaches. */
export function isOffered({ value }: Choice): boolean {
  return value !== '' && value.length <= MAX_VALUE;
}

export function option({ value, text, description }: Choice): PlainTextOption {
  return {
    text: { type: 'plain_text', text: label(text) || '-' },
    value,
    ...(description ? { description: { type: 'plain_text', text: label(description) } } : {}),
  };
}

const label = (text: string) => cut(clean(text), 75);

/** What an external select answers: the first hundred, each value once. */
export function options(choices: readonly Choice[]): PlainTextOption[] {
  const once = new Map<string, Choice>();
  for (const choice of choices) {
    if (once.size === MAX_OPTIONS) break;
    if (isOffered(choice)) once.set(choice.value, choice);
  }
  return [...once.values()].map(option);
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
