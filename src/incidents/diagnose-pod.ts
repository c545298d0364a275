import { NotFoundError } from '../errors.ts';
import type { CallOptions, Cluster, ContainerStatus, Pod } from '../kubernetes/cluster.ts';
import type { AffectedPod, Finding } from './finding.ts';

/** The pod whose evidence is shown. */
export interface Victim {
  name: string;
  /** Whose log is read. */
  container: string | undefined;
  /** As the finding has it. */
  affected: AffectedPod | undefined;
  /** As it is now; undefined where opsbot may not or could not read it. */
  pod: Pod | undefined;
}

/** The first of the finding's pods that is still there. */
export async function findVictim(
  cluster: Cluster,
  { owner, pods }: Finding,
  options: CallOptions,
): Promise<Victim | undefined> {
  for (const affected of pods) {
    const { name, container } = affected;
    try {
      return victimOf(await cluster.getPod(owner.namespace, name, options), affected);
    } catch (error) {
      if (!(error instanceof NotFoundError)) return { name, container, affected, pod: undefined };
    }
  }
  return undefined;
}

/** The latest pod of a Job, or of the Jobs of a CronJob, that has failed. */
export async function findFailedJobPod(
  cluster: Cluster,
  { owner }: Finding,
  options: CallOptions,
): Promise<Victim | undefined> {
  const ofOneJob = owner.kind === 'Job';
  const pods = await cluster.listPods(owner.namespace, ofOneJob ? `job-name=${owner.name}` : 'job-name', options);
  const failed = pods
    .filter((pod) => pod.owner?.kind === 'Job' && pod.containers.some(hasFailed))
    .filter((pod) => ofOneJob || isJobOf(owner.name, pod.owner?.name))
    .sort((a, b) => b.createdAt - a.createdAt);
  return failed[0] && victimOf(failed[0]);
}

export function victimOf(pod: Pod, affected?: AffectedPod): Victim {
  const container = containerOf(pod, affected?.container) ?? pod.containers.find((one) => !one.init);
  return { name: pod.name, container: container?.name, affected, pod };
}

export function containerOf(pod: Pod, name: string | undefined): ContainerStatus | undefined {
  return pod.containers.find((one) => one.name === name) ?? pod.containers.find(hasFailed);
}

function hasFailed({ state, reason, exitCode, lastEnd }: ContainerStatus): boolean {
  if (state === 'terminated') return exitCode !== undefined && exitCode !== 0;
  if (state === 'waiting')
    return reason !== undefined && reason !== 'ContainerCreating' && reason !== 'PodInitializing';
  return lastEnd !== undefined;
}

/** A CronJob calls its Jobs after itself and the time. */
function isJobOf(cronJob: string, name = ''): boolean {
  return name.startsWith(`${cronJob}-`) && /^\d+$/.test(name.slice(cronJob.length + 1));
}
