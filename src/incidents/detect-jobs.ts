import type { JobSummary } from '../kubernetes/signs.ts';
import type { DetectOptions } from './detect-time.ts';
import type { Finding, Owner } from './finding.ts';

/** A Job that failed this long before anybody ever watched is old news, in ms. */
const OLD_NEWS_MS = 24 * 60 * 60_000;

/** Whom people know a Job by: its CronJob, else itself. */
export function jobOwner({ namespace, name, owner }: Pick<JobSummary, 'namespace' | 'name' | 'owner'>): Owner {
  return owner?.kind === 'CronJob'
    ? { kind: 'CronJob', namespace, name: owner.name }
    : { kind: 'Job', namespace, name };
}

/**
 * The latest failed Job of `jobs`, which all belong to `owner`, unless a later one has completed. Its count is 0: it is
 * about the owner itself.
 */
export function detectJobs(owner: Owner, jobs: readonly JobSummary[], { firstWatched }: DetectOptions): Finding[] {
  const failed = jobs.filter((job) => job.failed !== undefined).toSorted(latestFirst)[0];
  if (!failed?.failed || failed.failed.at < firstWatched - OLD_NEWS_MS) return [];
  const isMadeGood = jobs.some((job) => job.completedAt !== undefined && job.createdAt > failed.createdAt);
  if (isMadeGood) return [];
  const { at, message, reason } = failed.failed;
  const words = message ?? reason;
  const detail = owner.kind === 'CronJob' ? [failed.name, words].filter(Boolean).join(': ') : words;
  return [
    {
      kind: 'job-failed',
      owner,
      since: at,
      at,
      count: 0,
      pods: [],
      labels: { ...failed.labels },
      ...(detail !== undefined && { detail }),
    },
  ];
}

function latestFirst(a: JobSummary, b: JobSummary): number {
  return b.createdAt - a.createdAt || (`${a.name}\n${a.uid}` < `${b.name}\n${b.uid}` ? 1 : -1);
}
