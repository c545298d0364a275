import type { Finding, FindingKind } from '../src/incidents/finding.ts';
import { oneLine } from './incident-words.ts';
import { counted } from './text.ts';

type PodKind = 'crash-loop' | 'oom-killed' | 'image-pull' | 'config-error' | 'unschedulable';
type OwnerKind = Exclude<FindingKind, PodKind>;

/** What a pod does, what several do, what one did, what several did. */
const PODS: Readonly<Record<PodKind, readonly [string, string, string, string]>> = {
  'crash-loop': ['keeps crashing', 'keep crashing', 'kept crashing', 'kept crashing'],
  'oom-killed': [
    'was killed for want of memory',
    'were killed for want of memory',
    'was killed for want of memory',
    'were killed for want of memory',
  ],
  'image-pull': [
    'cannot start: its image cannot be pulled',
    'cannot start: their image cannot be pulled',
    'could not start: its image could not be pulled',
    'could not start: their image could not be pulled',
  ],
  'config-error': [
    'cannot start: its configuration is missing or wrong',
    'cannot start: their configuration is missing or wrong',
    'could not start: its configuration was missing or wrong',
    'could not start: their configuration was missing or wrong',
  ],
  unschedulable: [
    'finds no node to run on',
    'find no node to run on',
    'found no node to run on',
    'found no node to run on',
  ],
};

/** The cluster's word for it, where no pod says which. */
const REASONS: Readonly<Record<PodKind, string>> = {
  'crash-loop': 'CrashLoopBackOff',
  'oom-killed': 'OOMKilled',
  'image-pull': 'ImagePullBackOff',
  'config-error': 'CreateContainerConfigError',
  unschedulable: 'Unschedulable',
};

/** How it is, how it was. */
const OWNERS: Readonly<Record<OwnerKind, readonly [string, string]>> = {
  'node-not-ready': ['The node is not ready.', 'The node was not ready.'],
  'node-pressure': [
    'The node runs short of memory, disk or process ids.',
    'The node ran short of memory, disk or process ids.',
  ],
  'job-failed': ['The Job failed.', 'The Job failed.'],
  'rollout-stuck': [
    'The rollout is stuck: its new pods were not ready in time (ProgressDeadlineExceeded).',
    'The rollout was stuck: its new pods were not ready in time (ProgressDeadlineExceeded).',
  ],
  'rollout-complete': [
    'The rollout is complete: all pods run the new version.',
    'The rollout is complete: all pods run the new version.',
  ],
};

/** What is wrong as a plain sentence; `past` where it looks over. Mrkdwn. */
export function troubleSentence(finding: Finding, past: boolean): string {
  const { kind } = finding;
  return isOfPods(kind) ? ofPods(kind, finding, past) : ofOwner(kind, finding, past);
}

function isOfPods(kind: FindingKind): kind is PodKind {
  return kind in PODS;
}

function ofPods(kind: PodKind, { count, pods, calmSince }: Finding, past: boolean): string {
  const words = PODS[kind][(past ? 2 : 0) + (count === 1 ? 0 : 1)];
  const reason = oneLine(pods[0]?.reason || REASONS[kind], 200);
  const runsAgain = kind === 'oom-killed' && calmSince !== undefined && !past;
  return `${counted(count, 'pod')} ${words} (${reason})${runsAgain ? `, and ${count === 1 ? 'runs' : 'run'} again` : ''}.`;
}

function ofOwner(kind: OwnerKind, { owner, count }: Finding, past: boolean): string {
  if (kind === 'job-failed' && owner.kind === 'CronJob') return 'A Job that it started failed.';
  const words = OWNERS[kind][past ? 1 : 0];
  if (owner.kind !== 'Node' || count === 0) return words;
  const are = past ? (count === 1 ? 'was' : 'were') : count === 1 ? 'is' : 'are';
  return `${words} ${counted(count, 'pod')} ${are} on it.`;
}
