import type { JobSummary, SignsPicture } from '../kubernetes/signs.ts';
import type { PodSummary } from '../kubernetes/snapshot-reader.ts';
import { boundedFinding } from './detect-bounds.ts';
import { detectJobs, jobOwner } from './detect-jobs.ts';
import { detectNode, isNotReady } from './detect-nodes.ts';
import { detectPods } from './detect-pods.ts';
import { detectRollout } from './detect-rollouts.ts';
import type { DetectOptions } from './detect-time.ts';
import { type Finding, findingKey, type Owner, ownerKey } from './finding.ts';

/**
 * The complete set of findings, sorted by key: a function of the objects as they are, with their own stamps, and the
 * time. So neither a reconnect nor a restart can repeat one or lose one. Pods on a node that is not ready are explained
 * by it and have none of their own.
 */
export function detect(picture: SignsPicture, options: DetectOptions): Finding[] {
  const explained = new Set(picture.nodes.filter(isNotReady).map(({ name }) => name));
  const pods = picture.pods.filter(({ node }) => node === undefined || !explained.has(node));
  const findings = [
    ...picture.nodes.flatMap((node) => detectNode(node, picture.podsOn(node.name))),
    ...detectPods(pods, podOwners(picture.jobs), options),
    ...byOwner(picture.jobs).flatMap(({ owner, jobs }) => detectJobs(owner, jobs, options)),
    ...picture.workloads.flatMap((workload) => detectRollout(workload, options)),
  ].map(boundedFinding);
  // Names that were cut may have become the same; JSON tells the rest apart, whatever the order they came in.
  const keyed = findings.map((finding) => ({ finding, key: findingKey(finding) }));
  keyed.sort((a, b) => compare(a.key, b.key) || compare(JSON.stringify(a.finding), JSON.stringify(b.finding)));
  return keyed.filter(({ key }, index) => key !== keyed[index - 1]?.key).map(({ finding }) => finding);
}

function podOwners(jobs: readonly JobSummary[]): (pod: PodSummary) => Owner {
  const ownerOfJob = new Map(jobs.map((job) => [job.uid, jobOwner(job)]));
  return ({ namespace, name, owner }) => {
    // The pods that a kubelet runs by itself name their node as their owner.
    if (!owner || owner.kind === 'Node') return { kind: 'Pod', namespace, name };
    const ofJob = owner.kind === 'Job' ? ownerOfJob.get(owner.uid) : undefined;
    return ofJob ?? { kind: owner.kind, namespace, name: owner.name };
  };
}

function byOwner(jobs: readonly JobSummary[]): { owner: Owner; jobs: JobSummary[] }[] {
  const groups = new Map<string, { owner: Owner; jobs: JobSummary[] }>();
  for (const job of jobs) {
    const owner = jobOwner(job);
    const group = groups.get(ownerKey(owner));
    if (group) group.jobs.push(job);
    else groups.set(ownerKey(owner), { owner, jobs: [job] });
  }
  return [...groups.values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
