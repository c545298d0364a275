import { NotAllowedError, NotFoundError, UnavailableError } from '../errors.ts';
import type { Pod, Workload } from '../kubernetes/cluster.ts';
import type { ActionContext } from './action.ts';
import { podsOf, shorten, worstTrouble } from './pod-trouble.ts';
import { readPullError } from './pull-error.ts';

type StallContext = Pick<ActionContext, 'cluster' | 'signal' | 'requestedAt'>;

/**
 * Why a rollout does not get on, as far as the cluster tells: what its pods wait for (with the worst of them), or why
 * none can be made (a quota, an admission webhook). Undefined where nothing is to be found, or opsbot may not look.
 */
export async function explainStall(
  context: StallContext,
  workload: Workload,
): Promise<{ reason: string; text: string; pod?: Pod } | undefined> {
  try {
    return (await whyNoPods(context, workload)) ?? (await whyNotReady(context, workload));
  } catch (error) {
    const missing = error instanceof NotAllowedError || error instanceof NotFoundError;
    if (missing || error instanceof UnavailableError) return undefined;
    throw error;
  }
}

async function whyNoPods(context: StallContext, workload: Workload) {
  if (workload.current >= workload.replicas && workload.updated >= workload.replicas) return undefined;
  // Deployments and ReplicaSets carry it as a condition; the other kinds leave only events.
  const condition = workload.conditions.find((one) => one.type === 'ReplicaFailure' && one.status === 'True');
  const message =
    condition?.message ?? (await newestEvent(context, workload, (event) => event.reason === 'FailedCreate'));
  if (message === undefined) return undefined;
  return { reason: condition?.reason ?? 'FailedCreate', text: `Its pods cannot be created: ${shorten(message)}` };
}

async function whyNotReady(context: StallContext, workload: Workload) {
  const pods = await context.cluster.listPods(workload.namespace, workload.selector, { signal: context.signal });
  const trouble = worstTrouble(podsOf(workload, pods));
  if (!trouble?.lacksAnswer) return trouble;
  // While it backs off, the container's status names the image only; the registry's answer is in the events.
  const event = await newestEvent(
    context,
    { namespace: workload.namespace, uid: trouble.pod.uid },
    (event) => event.reason === 'Failed' && event.message.startsWith('Failed to pull image'),
  );
  const { answer } = readPullError(event ?? '');
  return answer === undefined ? trouble : { ...trouble, text: `${trouble.text}: ${shorten(answer)}` };
}

async function newestEvent(
  context: StallContext,
  object: { namespace: string; uid: string },
  wanted: (event: { reason: string; message: string }) => boolean,
): Promise<string | undefined> {
  const events = await context.cluster.listEvents(object.namespace, object.uid, { signal: context.signal });
  // Events are stamped in whole seconds.
  const since = Math.floor(context.requestedAt / 1000) * 1000;
  return events.find((event) => event.lastSeen >= since && wanted(event))?.message;
}
