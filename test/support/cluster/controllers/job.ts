import { timestamp } from '../scheduler.ts';
import type { Json, KubeObject } from '../types.ts';
import { type ControllerContext, createOwned, removePod, writeStatus } from './context.ts';
import { activePods, podManifest } from './pods.ts';

const isOver = ({ status }: KubeObject): boolean =>
  status?.conditions?.some(
    ({ type, status: value }: Json) => ['Complete', 'Failed'].includes(type) && value === 'True',
  );

const restartsOf = ({ status = {} }: KubeObject): number =>
  [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].reduce(
    (count, { restartCount }) => count + restartCount,
    0,
  );

/** Failed pods count where a failure makes a new pod, restarts where the pod starts its containers again. */
function exceedsBackoffLimit({ spec }: KubeObject, failed: number, active: KubeObject[]): boolean {
  if (spec.template.spec.restartPolicy !== 'OnFailure') return failed > spec.backoffLimit;
  const restarts = active.reduce((count, pod) => count + restartsOf(pod), 0);
  return spec.backoffLimit === 0 ? restarts > 0 : restarts >= spec.backoffLimit;
}

function finish(context: ControllerContext, job: KubeObject, counts: Json, failed: boolean): Json {
  const at = timestamp(context.scheduler.now());
  const message = failed ? 'Job has reached the specified backoff limit' : 'Job completed';
  const reason = failed ? 'BackoffLimitExceeded' : 'Completed';
  context.recordEvent(job, { type: failed ? 'Warning' : 'Normal', reason, message });
  const condition = { type: failed ? 'Failed' : 'Complete', status: 'True', lastProbeTime: at, lastTransitionTime: at };
  const why = failed ? { reason, message } : {};
  return { ...counts, ...(failed ? {} : { completionTime: at }), conditions: [{ ...condition, ...why }] };
}

function createPods(context: ControllerContext, job: KubeObject, count: number): void {
  for (let made = 0; made < count; made += 1) {
    const manifest = podManifest(job, job.spec.template, { generateName: `${job.metadata.name}-` });
    const pod = createOwned(context, job, 'pods', manifest);
    const message = `Created pod: ${pod.metadata.name}`;
    context.recordEvent(job, { type: 'Normal', reason: 'SuccessfulCreate', message });
  }
}

/** Runs pods until as many have succeeded as are wanted or too many have failed. A failed pod has a successor at once. */
export function reconcileJob(context: ControllerContext, job: KubeObject): void {
  if (isOver(job)) return;
  const { store, scheduler } = context;
  const { namespace, name, uid } = job.metadata;
  const pods = () => store.ownedBy(uid, 'pods');
  const inPhase = (phase: string) => pods().filter(({ status }) => status?.phase === phase).length;
  const [succeeded, failed] = [inPhase('Succeeded'), inPhase('Failed')];
  const active = activePods(pods());
  const { completions, parallelism } = job.spec;
  const givenUp = exceedsBackoffLimit(job, failed, active);
  const over = givenUp || succeeded >= completions;
  if (over) for (const pod of active) removePod(context, pod);
  else createPods(context, job, Math.min(parallelism, completions - succeeded) - active.length);

  const current = store.get('jobs', namespace, name);
  if (current === undefined) return;
  const lost = givenUp ? active.length : 0;
  const running = over ? 0 : activePods(pods()).length;
  const counts = {
    startTime: current.status?.startTime ?? timestamp(scheduler.now()),
    ...(running > 0 ? { active: running } : {}),
    ...(succeeded > 0 ? { succeeded } : {}),
    ...(failed + lost > 0 ? { failed: failed + lost } : {}),
  };
  writeStatus(context, current, over ? finish(context, current, counts, givenUp) : counts);
}
