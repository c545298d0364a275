import { InputError, NotFoundError } from '../errors.ts';
import type { Pod, Workload } from '../kubernetes/cluster.ts';
import { nearNames } from '../kubernetes/search-snapshot.ts';
import type { ActionContext } from './action.ts';
import { requireAllowed, requireNamespace } from './check-namespace.ts';
import { podsOf } from './pod-trouble.ts';
import { type Choice, resolveWorkload } from './resolve-workload.ts';
import { anyOf, kindWord } from './workload-words.ts';

export interface WantedPod {
  pod: string;
  namespace: string | undefined;
}

const MOST_OFFERED = 5;

/**
 * The pod of that name, read live; else the most telling pod of the workload of that name. InputError where several
 * namespaces have one, NotFoundError (with near names) where none has.
 */
export async function resolvePod(
  context: ActionContext,
  wanted: WantedPod,
  choice: Choice & { podCommand(pod: string, namespace: string): string },
): Promise<Pod> {
  const namespace = wanted.namespace ?? namespaceOfPod(context, wanted.pod, choice.podCommand);
  if (namespace !== undefined) {
    requireAllowed(context, namespace);
    const pod = await findPod(context, namespace, wanted.pod);
    if (pod !== undefined) return pod;
  }
  try {
    const workload = await resolveWorkload(context, { name: wanted.pod, namespace: wanted.namespace }, choice);
    return await podOfWorkload(context, workload);
  } catch (error) {
    if (error instanceof NotFoundError && error.field === 'workload') throw podNotFound(context, wanted);
    throw error;
  }
}

/** The newest pod that is not ready, else the newest: where something is wrong, that one tells what. */
export async function podOfWorkload(context: ActionContext, workload: Workload): Promise<Pod> {
  const { kind, namespace, name } = workload;
  const all = await context.cluster.listPods(namespace, workload.selector, { signal: context.signal });
  const chosen = mostTelling(podsOf(workload, all));
  if (chosen !== undefined) return chosen;
  throw new NotFoundError(`The ${kindWord(kind)} ${name} in ${namespace} has no pods.`, {
    advice: workload.replicas === 0 ? 'It is scaled to 0.' : `It wants ${workload.replicas}; look at its events.`,
    field: 'pod',
  });
}

export function mostTelling(pods: readonly Pod[]): Pod | undefined {
  const rank = (pod: Pod) => (pod.deleting ? 2 : pod.isReady ? 1 : 0);
  return [...pods].sort((a, b) => rank(a) - rank(b) || b.createdAt - a.createdAt)[0];
}

function namespaceOfPod(
  context: ActionContext,
  name: string,
  command: (pod: string, namespace: string) => string,
): string | undefined {
  const pods = [...context.snapshot.pods.values()];
  const found = pods.filter((pod) => pod.name === name && context.allowsNamespace(pod.namespace));
  if (found.length < 2) return found[0]?.namespace;
  const offered = found.slice(0, MOST_OFFERED).map((pod) => `\`${command(pod.name, pod.namespace)}\``);
  throw new InputError(`${found.length} pods are called ${name}.`, {
    advice: `Say which one you mean: ${anyOf(offered)}.`,
    field: 'pod',
  });
}

async function findPod(context: ActionContext, namespace: string, name: string): Promise<Pod | undefined> {
  try {
    return await context.cluster.getPod(namespace, name, { signal: context.signal });
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

function podNotFound(context: ActionContext, { pod, namespace }: WantedPod): NotFoundError {
  if (namespace !== undefined) requireNamespace(context, namespace);
  const { pods, workloads } = context.snapshot;
  const names = [...workloads.values(), ...pods.values()]
    .filter((one) => context.allowsNamespace(one.namespace) && (namespace ?? one.namespace) === one.namespace)
    .map((one) => one.name);
  // A pod that was replaced meanwhile: its workload is what the person is after.
  const begun = names.filter((name) => pod.startsWith(`${name}-`));
  const near = [...new Set([...begun, ...nearNames(names, pod, 3)])].slice(0, 3);
  const place = namespace === undefined ? 'in the namespaces that opsbot watches' : `in ${namespace}`;
  return new NotFoundError(`There is no pod or workload called ${pod} ${place}.`, {
    advice: near.length > 0 ? `Did you mean ${anyOf(near)}?` : 'Try `pods <namespace>` to see what runs.',
    field: 'pod',
  });
}
