import type { Finding, Owner, Severity } from '../src/incidents/finding.ts';
import type { Incident } from '../src/incidents/incident.ts';
import { code, counted, short, withoutTicks } from './text.ts';

const MARKS: Readonly<Record<Severity, string>> = {
  critical: ':red_circle:',
  warning: ':large_orange_circle:',
  info: ':large_green_circle:',
};

export function incidentMark({ state, severity }: Pick<Incident, 'state' | 'severity'>): string {
  return state === 'resolved' ? MARKS.info : MARKS[severity];
}

const COLOURS: Readonly<Record<Severity, string>> = { critical: '#E01E5A', warning: '#F2952F', info: '#2EB67D' };

/** Of the bar beside a message. */
export function severityColour(severity: Severity): string {
  return COLOURS[severity];
}

export function severityMark(severity: Severity): string {
  return MARKS[severity];
}

/** `*Deployment web* in `shop``; names its cluster where that is given. */
export function ownerName({ kind, namespace, name }: Owner, cluster?: string | undefined): string {
  const where = namespace === '' ? '' : ` in ${code(namespace, 65)}`;
  return `*${oneLine(`${kind} ${name}`, 320)}*${where}${cluster === undefined ? '' : ` on cluster ${code(cluster, 100)}`}`;
}

/** Escaped, on one line, and without what would begin or end bold text or code. */
export function oneLine(text: string, max: number): string {
  return short(withoutTicks(text).replaceAll('*', '∗').replace(/\s+/gu, ' ').trim(), max);
}

/** A noun for whom the trouble hits: “this node”, “this workload”. */
export function thisOwner({ kind }: Owner): string {
  return kind === 'Node' ? 'this node' : 'this workload';
}

/** What is wrong in a few words, for a headline: `CrashLoopBackOff, 3 pods`. `count`: pods that are hit. */
export function troubleWords({ kind, owner, pods }: Pick<Finding, 'kind' | 'owner' | 'pods'>, count: number): string {
  const hit = count > 0 ? `, ${counted(count, 'pod')}` : '';
  switch (kind) {
    case 'crash-loop':
      return `CrashLoopBackOff${hit}`;
    case 'oom-killed':
      return `OOMKilled${hit}`;
    case 'config-error':
      return `${oneLine(pods[0]?.reason ?? 'CreateContainerConfigError', 200)}${hit}`;
    case 'image-pull':
      return `image cannot be pulled${hit}`;
    case 'unschedulable':
      return `no node for ${counted(Math.max(1, count), 'pod')}`;
    case 'job-failed':
      return owner.kind === 'CronJob' ? 'its Job failed' : 'failed';
    case 'node-not-ready':
      return `not ready${hit && `${hit} on it`}`;
    case 'node-pressure':
      return `under pressure${hit && `${hit} on it`}`;
    case 'rollout-stuck':
      return 'rollout is stuck';
    case 'rollout-complete':
      return 'rollout complete';
  }
}

/** The cluster's words about it; undefined where they say no more than ours do, as in a back-off's countdown. */
export function clusterWords({ kind, pods, detail }: Finding): string | undefined {
  if (kind === 'crash-loop' || kind === 'oom-killed' || kind === 'rollout-complete') return undefined;
  const words = detail ?? pods.find(({ message }) => message?.trim())?.message;
  return words?.trim() ? withoutTicks(words) : undefined;
}

/** `2nd`, `3rd`, `11th` */
export function ordinal(count: number): string {
  const teen = count % 100 >= 11 && count % 100 <= 13;
  const suffix = teen ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${suffix}`;
}
