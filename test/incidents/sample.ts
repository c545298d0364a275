import type { Finding, FindingKind, Owner, Picture } from '../../src/incidents/finding.ts';
import type { Incident, IncidentSettings, Silence } from '../../src/incidents/incident.ts';
import { type IncidentChange, reconcile } from '../../src/incidents/reconcile.ts';
import type { JobSummary, PodSigns, SignsPicture } from '../../src/kubernetes/signs.ts';
import type { NodeSummary, PodSummary, WorkloadSummary } from '../../src/kubernetes/snapshot-reader.ts';
import { podOf } from '../kubernetes/snapshot-of.ts';

export const T0 = Date.UTC(2026, 10, 20, 3);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;

export const CLUSTER = 'prod';
export const WEB: Owner = { kind: 'Deployment', namespace: 'shop', name: 'web' };

export const settings: IncidentSettings = {
  rules: [],
  channel: 'CALERTS',
  pendingMs: 5 * MINUTE,
  quietMs: 5 * MINUTE,
  cooldownMs: 30 * MINUTE,
  storm: 5,
};

export function samplePod(over: Partial<PodSummary> = {}): PodSummary {
  const { name = 'web-1' } = over;
  return podOf(name, undefined, {
    uid: `uid-${name}`,
    namespace: 'shop',
    createdAt: T0 - HOUR,
    owner: { kind: 'Deployment', name: 'web', uid: 'd-web' },
    ...over,
  });
}

type ContainerSign = PodSigns['containers'][number];

export function sampleContainer(over: Partial<ContainerSign> = {}): ContainerSign {
  return {
    container: 'app',
    init: false,
    state: 'waiting',
    reason: 'CrashLoopBackOff',
    message: 'back-off 10s restarting failed container',
    restarts: 3,
    runningSince: undefined,
    ended: { reason: 'Error', exitCode: 1, at: T0 },
    ...over,
  };
}

/** A container that was killed for want of memory at T0. */
export const killed = { reason: 'OOMKilled', exitCode: 137, at: T0 };

export function troubledPod(
  containers: Partial<ContainerSign>[],
  over: Partial<PodSummary & PodSigns> = {},
): PodSummary {
  const { labels = { app: 'web' }, unschedulable, over: isOver = false, ...pod } = over;
  return samplePod({
    ...pod,
    isReady: false,
    signs: { labels, containers: containers.map(sampleContainer), unschedulable, over: isOver },
  });
}

export function sampleJob(over: Partial<JobSummary> = {}): JobSummary {
  const { name = 'backup-1' } = over;
  return {
    uid: `uid-${name}`,
    namespace: 'shop',
    name,
    owner: { kind: 'CronJob', name: 'backup', uid: 'c-backup' },
    labels: { app: 'backup' },
    failed: undefined,
    completedAt: undefined,
    createdAt: T0 - HOUR,
    ...over,
  };
}

export function sampleNode(over: Partial<NodeSummary> = {}): NodeSummary {
  return { name: 'node-1', uid: 'n-1', ready: true, status: 'Ready', unschedulable: false, ...over };
}

export function sampleDeployment(rollout: Partial<NonNullable<WorkloadSummary['rollout']>>): WorkloadSummary {
  return {
    uid: 'd-web',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'web',
    replicas: 3,
    ready: 3,
    updated: 3,
    available: 3,
    observed: true,
    owned: false,
    problem: undefined,
    containers: ['app'],
    createdAt: T0 - HOUR,
    rollout: { labels: { app: 'web' }, revision: '7', stuck: undefined, completedAt: undefined, ...rollout },
  };
}

export function signsPicture(over: Partial<SignsPicture> = {}): SignsPicture {
  const { pods = [] } = over;
  return {
    complete: true,
    asOf: T0,
    unseen: [],
    pods,
    nodes: [],
    workloads: [],
    jobs: [],
    podsOn: (node) => pods.filter((pod) => pod.node === node),
    ...over,
  };
}

export function sampleFinding(kind: FindingKind, over: Partial<Finding> = {}): Finding {
  return {
    kind,
    owner: WEB,
    since: T0,
    at: T0,
    count: 1,
    pods: [{ name: 'web-1', container: 'app', reason: 'CrashLoopBackOff', exitCode: 1, restarts: 3 }],
    labels: { app: 'web' },
    ...over,
  };
}

export function samplePicture(findings: readonly Finding[], over: Partial<Picture> = {}): Picture {
  const { asOf = T0 } = over;
  const watched = { watchingSince: T0 - HOUR, watchedUntil: T0 - HOUR };
  return { cluster: CLUSTER, findings, asOf, changedAt: asOf, ...watched, ...over };
}

/** The hub's store as far as reconciling needs it: the latest incident of each cause and owner. */
export function createLedger(over: { settings?: IncidentSettings; silences?: Silence[] } = {}) {
  let incidents: Incident[] = [];
  let opened = 0;
  const step = (picture: Picture, now = picture.asOf): IncidentChange[] => {
    const changes = reconcile({
      picture,
      incidents,
      silences: over.silences ?? [],
      settings: over.settings ?? settings,
      now,
      newId: () => {
        opened += 1;
        return `i-${opened}`;
      },
    });
    for (const { before, replaces, after } of changes) {
      const gone = before?.id ?? replaces;
      incidents = [...incidents.filter(({ id }) => id !== gone), after];
    }
    return changes;
  };
  return {
    step,
    /** The incident, after one change at most. */
    one(picture: Picture, now = picture.asOf): Incident | undefined {
      step(picture, now);
      return incidents[0];
    },
    all: () => incidents,
    put(incident: Incident) {
      incidents = [...incidents.filter(({ id }) => id !== incident.id), incident];
    },
  };
}
