import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NotAllowedError, UnavailableError } from '../../src/errors.ts';
import { diagnose } from '../../src/incidents/diagnose.ts';
import { type DiagnosisOrder, diagnosisSchema } from '../../src/incidents/diagnosis.ts';
import { type AffectedPod, FINDING_KINDS, type Finding, type FindingKind } from '../../src/incidents/finding.ts';
import { maskSecrets } from '../../src/incidents/mask.ts';
import type { ContainerStatus, Pod } from '../../src/kubernetes/cluster.ts';
import { clusterWith, containerOf, podOf, REQUESTED_AT, workloadOf } from '../actions/action-kit.ts';
import type { FakeCluster } from '../actions/fake-cluster.ts';
import { nasty } from '../views/nasty.ts';

const SINCE = REQUESTED_AT;
const MINUTE = 60_000;
const POD = 'api-7d9f-x1';

function affectedOf(change: Partial<AffectedPod> = {}): AffectedPod {
  return { name: POD, node: 'node-1', container: 'web', reason: 'CrashLoopBackOff', restarts: 4, ...change };
}

function findingOf(kind: FindingKind, change: Partial<Finding> = {}): Finding {
  return {
    kind,
    owner: { kind: 'Deployment', namespace: 'default', name: 'api' },
    since: SINCE,
    at: SINCE,
    count: 1,
    pods: [affectedOf()],
    labels: {},
    ...change,
  };
}

function orderOf(...findings: Finding[]): DiagnosisOrder {
  return { type: 'diagnose', incident: 'i-k7m2q', since: SINCE, findings, validUntil: SINCE + MINUTE };
}

async function diagnosed(cluster: FakeCluster, finding: Finding, signal = new AbortController().signal) {
  const { facts, log } = await diagnose(orderOf(finding), { cluster, signal, mask: maskSecrets });
  return { facts: facts.map(({ label, text }) => `${label}: ${text}`), log };
}

/** One pod whose only container is like this. */
function clusterOf(container: Partial<ContainerStatus> = {}, pod: Partial<Pod> = {}): FakeCluster {
  const cluster = clusterWith(workloadOf({ containers: [{ name: 'web', image: 'web:1.5' }] }));
  cluster.pods.push(podOf({ containers: [containerOf({ ready: false, ...container })], ...pod }));
  return cluster;
}

const CRASHING: Partial<ContainerStatus> = {
  state: 'waiting',
  reason: 'CrashLoopBackOff',
  restarts: 4,
  exitCode: 1,
  lastEnd: { reason: 'Error', exitCode: 1, at: SINCE },
};
const IMAGE = 'registry.example/web:1.5';

function rolledOut(cluster: FakeCluster, before: string, after: string, ago = 3 * MINUTE): void {
  cluster.revisions.set('Deployment-default-api', [
    { revision: 2, createdAt: SINCE - ago, containers: [{ name: 'web', image: after }] },
    { revision: 1, createdAt: SINCE - 10 * 24 * 60 * MINUTE, containers: [{ name: 'web', image: before }] },
  ]);
}

function happened(cluster: FakeCluster, reason: string, message: string, name = POD): void {
  const event = { type: 'Warning', reason, message, count: 1, lastSeen: SINCE };
  cluster.events.push({ uid: `pod-${name}`, event });
}

describe('a crash', () => {
  test('by its last words, exit code, probe, rollout, restarts and node', async () => {
    const cluster = clusterOf(CRASHING);
    rolledOut(cluster, 'registry.example/web:1.4', IMAGE);
    happened(cluster, 'Unhealthy', 'Readiness probe failed: connection refused');
    happened(cluster, 'Unhealthy', 'Liveness probe failed: HTTP probe failed with statuscode: 500');
    cluster.logs.set(`default/${POD}/web/previous`, 'starting\npanic: no database\n');
    cluster.logs.set(`default/${POD}/web`, 'starting\n');
    expect(await diagnosed(cluster, findingOf('crash-loop'))).toEqual({
      facts: [
        'Exit code: 1 (Error)',
        'Probe: Liveness probe failed: HTTP probe failed with statuscode: 500',
        'Rollout: web:1.4 → web:1.5, 3 min before',
        'Restarts: 4',
        'Node: node-1',
      ],
      log: { pod: POD, container: 'web', previous: true, text: 'starting\npanic: no database' },
    });
  });

  test('shows the present log where there is none from before', async () => {
    const cluster = clusterOf(CRASHING);
    cluster.logs.set(`default/${POD}/web`, 'panic\n');
    expect((await diagnosed(cluster, findingOf('crash-loop'))).log).toMatchObject({ previous: false, text: 'panic' });
  });

  test('shows the run that has just ended, not the one before it', async () => {
    const cluster = clusterOf({ state: 'terminated', reason: 'StartError', exitCode: 128, message: 'no such file' });
    cluster.logs.set(`default/${POD}/web`, 'this one\n');
    cluster.logs.set(`default/${POD}/web/previous`, 'an older one\n');
    const { facts, log } = await diagnosed(cluster, findingOf('crash-loop'));
    expect(log).toMatchObject({ previous: false, text: 'this one' });
    expect(facts).toEqual(expect.arrayContaining(['Exit code: 128 (StartError)', 'Message: no such file']));
  });

  test('shows the run that had just ended where it is started again while its log is read', async () => {
    const cluster = clusterOf({ state: 'terminated', reason: 'Error', exitCode: 1, restarts: 0 });
    cluster.logs.set(`default/${POD}/web`, 'panic\n');
    const { readLogs } = cluster;
    cluster.readLogs = async (...asked) => {
      if (cluster.logs.get(`default/${POD}/web`) === 'panic\n') {
        cluster.logs.set(`default/${POD}/web`, 'starting\n').set(`default/${POD}/web/previous`, 'panic\n');
        const lastEnd = { reason: 'Error', exitCode: 1, at: SINCE };
        cluster.pods[0] = podOf({ containers: [containerOf({ state: 'running', restarts: 1, lastEnd })] });
      }
      return readLogs(...asked);
    };
    const { log } = await diagnosed(cluster, findingOf('crash-loop'));
    expect(log).toMatchObject({ previous: true, text: 'panic' });
  });

  test('shows the run of an init container that was killed, not the one after it that did its part', async () => {
    const lastEnd = { reason: 'OOMKilled', exitCode: 137, at: SINCE };
    const cluster = clusterOf({ init: true, state: 'terminated', reason: 'Completed', exitCode: 0, lastEnd });
    cluster.logs.set(`default/${POD}/web`, 'done\n');
    cluster.logs.set(`default/${POD}/web/previous`, 'allocating\n');
    const { log } = await diagnosed(cluster, findingOf('oom-killed'));
    expect(log).toMatchObject({ previous: true, text: 'allocating' });
  });

  test('says so where the container wrote nothing', async () => {
    const cluster = clusterOf(CRASHING);
    cluster.logs.set(`default/${POD}/web/previous`, '\n\u001b[0m\n');
    const { facts, log } = await diagnosed(cluster, findingOf('crash-loop'));
    expect(facts).toContain('Log: The container wrote nothing.');
    expect(log).toBeUndefined();
  });

  test('takes the first pod that is still there, and its own facts', async () => {
    const cluster = clusterOf({ ...CRASHING, lastEnd: { reason: 'Error', exitCode: 2, at: SINCE } });
    cluster.logs.set(`default/${POD}/web/previous`, 'second\n');
    const pods = [affectedOf({ name: 'api-7d9f-gone', exitCode: 1, node: 'node-9' }), affectedOf()];
    const { facts, log } = await diagnosed(cluster, findingOf('crash-loop', { pods, count: 2 }));
    expect(log?.pod).toBe(POD);
    expect(facts).toEqual(['Exit code: 2 (Error)', 'Restarts: 4', 'Node: node-1']);
  });

  test('tells what the finding knew where all pods are gone', async () => {
    const finding = findingOf('crash-loop', { pods: [affectedOf({ name: 'api-gone', exitCode: 139 })] });
    expect(await diagnosed(clusterOf(), finding)).toEqual({
      facts: ['Exit code: 139 (segmentation fault)', 'Restarts: 4', 'Node: node-1'],
      log: undefined,
    });
  });

  test('names the init container that crashed', async () => {
    const cluster = clusterWith();
    const containers = [containerOf({ ...CRASHING, name: 'migrate', init: true }), containerOf({ state: 'waiting' })];
    cluster.pods.push(podOf({ containers }));
    cluster.logs.set(`default/${POD}/migrate/previous`, 'locked\n');
    const pods = [{ name: POD, reason: 'CrashLoopBackOff', restarts: 4 }];
    expect((await diagnosed(cluster, findingOf('crash-loop', { pods }))).log).toMatchObject({ container: 'migrate' });
  });
});

describe('a kill for want of memory', () => {
  const KILLED = { restarts: 1, lastEnd: { reason: 'OOMKilled', exitCode: 137, at: SINCE } };
  const finding = findingOf('oom-killed', { pods: [affectedOf({ reason: 'OOMKilled', exitCode: 137, restarts: 1 })] });

  test.each([
    ['256Mi', '256Mi'],
    [undefined, 'none: the node ran out'],
  ])('with the limit %s', async (memoryLimit, words) => {
    const { facts } = await diagnosed(clusterOf({ ...KILLED, memoryLimit }), finding);
    expect(facts).toEqual(['Exit code: 137 (OOMKilled)', `Memory limit: ${words}`, 'Restarts: 1', 'Node: node-1']);
  });

  test('that another end has hidden since', async () => {
    const { facts } = await diagnosed(clusterOf({ ...CRASHING, memoryLimit: '64Mi' }), finding);
    expect(facts).toEqual(['Exit code: 137 (OOMKilled)', 'Memory limit: 64Mi', 'Restarts: 4', 'Node: node-1']);
  });

  test('of a pod that may not be read says nothing of a limit', async () => {
    const cluster = clusterOf(KILLED);
    cluster.getPod = async () => {
      throw new NotAllowedError('no');
    };
    cluster.logs.set(`default/${POD}/web/previous`, 'allocating\n');
    const { facts, log } = await diagnosed(cluster, finding);
    expect(facts).toEqual(['Exit code: 137 (OOMKilled)', 'Restarts: 1', 'Node: node-1']);
    expect(log?.text).toBe('allocating');
  });
});

describe('an image that cannot be pulled', () => {
  const REFUSED = `Failed to pull image "${IMAGE}": rpc error: code = NotFound desc = manifest unknown`;
  const finding = findingOf('image-pull', { pods: [affectedOf({ reason: 'ImagePullBackOff', restarts: 0 })] });

  test('by the answer in the container’s status', async () => {
    const cluster = clusterOf({ state: 'waiting', reason: 'ErrImagePull', message: REFUSED });
    happened(cluster, 'Failed', `Failed to pull image "${IMAGE}": something older`);
    expect((await diagnosed(cluster, finding)).facts).toEqual([
      'Registry says: manifest unknown',
      `Image: ${IMAGE}`,
      'Node: node-1',
    ]);
  });

  test('by the events where the status has the image only', async () => {
    const message = `Back-off pulling image "${IMAGE}"`;
    const cluster = clusterOf({ state: 'waiting', reason: 'ImagePullBackOff', message });
    happened(cluster, 'Failed', 'Error: ImagePullBackOff');
    happened(cluster, 'Failed', REFUSED);
    rolledOut(cluster, 'registry.example/web:1.4', IMAGE);
    expect((await diagnosed(cluster, finding)).facts).toEqual([
      'Registry says: manifest unknown',
      `Image: ${IMAGE}`,
      'Rollout: web:1.4 → web:1.5, 3 min before',
      'Node: node-1',
    ]);
  });
});

describe('other trouble of pods', () => {
  test('a missing secret, by the kubelet’s words', async () => {
    const message = 'secret "db" not found';
    const pods = [affectedOf({ reason: 'CreateContainerConfigError', message, restarts: 0 })];
    const cluster = clusterOf({ state: 'waiting', reason: 'CreateContainerConfigError' });
    const { facts, log } = await diagnosed(cluster, findingOf('config-error', { pods }));
    expect(facts).toEqual([`Kubelet says: ${message}`, 'Node: node-1']);
    expect(log).toBeUndefined();
  });

  test('a missing secret, by the events', async () => {
    const pods = [affectedOf({ reason: 'CreateContainerConfigError', restarts: 0 })];
    const cluster = clusterOf({ state: 'waiting', reason: 'CreateContainerConfigError' });
    happened(cluster, 'Failed', 'Error: secret "db" not found');
    const { facts } = await diagnosed(cluster, findingOf('config-error', { pods }));
    expect(facts).toEqual(['Kubelet says: Error: secret "db" not found', 'Node: node-1']);
  });

  test('no node, by the scheduler’s words of now', async () => {
    const cluster = clusterOf({ state: 'waiting' }, { node: undefined, unschedulable: '0/3 nodes: Insufficient cpu' });
    const pods = [{ name: POD, reason: 'Unschedulable', restarts: 0, message: '0/2 nodes: Insufficient cpu' }];
    const { facts } = await diagnosed(cluster, findingOf('unschedulable', { pods }));
    expect(facts).toEqual(['Scheduler says: 0/3 nodes: Insufficient cpu']);
  });

  test('no node, by the events', async () => {
    const cluster = clusterOf({ state: 'waiting' }, { node: undefined });
    happened(cluster, 'FailedScheduling', '0/3 nodes are available');
    const pods = [{ name: POD, reason: 'Unschedulable', restarts: 0 }];
    const { facts } = await diagnosed(cluster, findingOf('unschedulable', { pods }));
    expect(facts).toEqual(['Scheduler says: 0/3 nodes are available']);
  });
});

describe('a failed Job', () => {
  const FAILED = [containerOf({ state: 'terminated', reason: 'Error', exitCode: 3, ready: false })];
  const detail = 'BackoffLimitExceeded: Job has reached the specified backoff limit';

  function jobPod(name: string, job: string, createdAt: number, change: Partial<Pod> = {}): Pod {
    return podOf({ name, owner: { kind: 'Job', name: job, uid: job }, containers: FAILED, createdAt, ...change });
  }

  test.each([
    ['Job', 'backup-29384'],
    ['CronJob', 'backup'],
  ])('of a %s, by its last pod', async (kind, name) => {
    const cluster = clusterWith();
    cluster.pods.push(
      jobPod('backup-29384-a', 'backup-29384', SINCE - 9_000),
      jobPod('backup-29384-b', 'backup-29384', SINCE - 5_000),
      jobPod('backup-29384-c', 'backup-29384', SINCE, { containers: [containerOf()] }),
      jobPod('backup-daily-29384-d', 'backup-daily-29384', SINCE),
    );
    cluster.logs.set('default/backup-29384-b/web', 'disk full\n');
    const owner = { kind, namespace: 'default', name };
    expect(await diagnosed(cluster, findingOf('job-failed', { owner, detail, pods: [] }))).toEqual({
      facts: [`Why: ${detail}`, 'Exit code: 3 (Error)', 'Node: node-1'],
      log: { pod: 'backup-29384-b', container: 'web', previous: false, text: 'disk full' },
    });
  });

  test('whose pods are gone', async () => {
    const owner = { kind: 'Job', namespace: 'default', name: 'backup' };
    const { facts, log } = await diagnosed(clusterWith(), findingOf('job-failed', { owner, detail, pods: [] }));
    expect([facts, log]).toEqual([[`Why: ${detail}`], undefined]);
  });
});

describe('nodes', () => {
  test.each(['node-not-ready', 'node-pressure'] as const)('%s: its condition, and how many pods', async (kind) => {
    const owner = { kind: 'Node', namespace: '', name: 'node-1' };
    const finding = findingOf(kind, { owner, count: 12, detail: 'Kubelet stopped posting node status.' });
    expect(await diagnosed(clusterOf(), finding)).toEqual({
      facts: ['Why: Kubelet stopped posting node status.', 'Pods on it: 12'],
      log: undefined,
    });
  });
});

describe('rollouts', () => {
  test('stuck: what its worst pod waits for, with the log', async () => {
    const cluster = clusterOf(CRASHING, { templateHash: 'new', createdAt: SINCE });
    rolledOut(cluster, 'web:1.4', 'web:1.5', 10 * MINUTE);
    cluster.logs.set(`default/${POD}/web/previous`, 'panic\n');
    const finding = findingOf('rollout-stuck', { pods: [], detail: 'ReplicaSet "api-new" has timed out progressing.' });
    expect(await diagnosed(cluster, finding)).toEqual({
      facts: [
        `Why: The container web of pod ${POD} keeps crashing (CrashLoopBackOff, exit code 1).`,
        'Exit code: 1 (Error)',
        'Rollout: web:1.4 → web:1.5, 10 min before',
        'Restarts: 4',
        'Node: node-1',
      ],
      log: { pod: POD, container: 'web', previous: true, text: 'panic' },
    });
  });

  test('stuck: a readiness probe that fails, and what the program writes', async () => {
    const cluster = clusterOf();
    cluster.logs.set(`default/${POD}/web`, 'warming up\n');
    happened(cluster, 'Unhealthy', 'Readiness probe failed: 503');
    const { facts, log } = await diagnosed(cluster, findingOf('rollout-stuck', { pods: [] }));
    expect(facts[1]).toBe('Probe: Readiness probe failed: 503');
    expect(log).toMatchObject({ previous: false, text: 'warming up' });
  });

  test('stuck: by the controller’s words where nothing else is known', async () => {
    const detail = 'ReplicaSet "api-new" has timed out progressing.';
    const { facts } = await diagnosed(clusterWith(), findingOf('rollout-stuck', { pods: [], detail }));
    expect(facts).toEqual([`Why: ${detail}`]);
  });

  test('complete: what it has changed', async () => {
    const cluster = clusterOf();
    rolledOut(cluster, 'web:1.4', 'web:1.5');
    const finding = findingOf('rollout-complete', { pods: [], revision: '2' });
    expect(await diagnosed(cluster, finding)).toEqual({ facts: ['Rollout: web:1.4 → web:1.5'], log: undefined });
  });

  test('complete: its images where it is the first', async () => {
    const { facts } = await diagnosed(clusterOf(), findingOf('rollout-complete', { pods: [] }));
    expect(facts).toEqual(['Images: web:1.5']);
  });
});

describe('a part that fails costs no other', () => {
  const story = (): FakeCluster => {
    const cluster = clusterOf(CRASHING);
    rolledOut(cluster, 'web:1.4', 'web:1.5');
    happened(cluster, 'Unhealthy', 'Liveness probe failed: 500');
    cluster.logs.set(`default/${POD}/web/previous`, 'panic\n');
    return cluster;
  };
  const labelsOf = ({ facts, log }: Awaited<ReturnType<typeof diagnosed>>) => [
    ...facts.map((fact) => fact.split(':')[0]),
    ...(log ? ['the log'] : []),
  ];
  const finding = findingOf('crash-loop', { pods: [affectedOf({ exitCode: 1 })] });
  const parts = [
    ['getPod', ['Exit code', 'Rollout', 'Restarts', 'Node', 'the log']],
    ['readLogs', ['Exit code', 'Probe', 'Rollout', 'Restarts', 'Node']],
    ['listEvents', ['Exit code', 'Rollout', 'Restarts', 'Node', 'the log']],
    ['getWorkload', ['Exit code', 'Probe', 'Restarts', 'Node', 'the log']],
    ['listRevisions', ['Exit code', 'Probe', 'Restarts', 'Node', 'the log']],
  ] as const;

  test.each(parts)('%s', async (part, left) => {
    for (const error of [new UnavailableError('away'), new NotAllowedError('denied'), new TypeError('a bug')]) {
      const cluster = story();
      cluster[part] = async () => {
        throw error;
      };
      const labels = labelsOf(await diagnosed(cluster, finding));
      expect(labels.filter((label) => label !== 'Log')).toEqual(left);
    }
  });

  test('says in place of a log that it may not be read', async () => {
    const cluster = story();
    cluster.readLogs = async () => {
      throw new NotAllowedError('opsbot may not get pods/log in namespace default.');
    };
    const { facts, log } = await diagnosed(cluster, finding);
    expect(facts).toContain('Log: Not shown: opsbot may not get pods/log in namespace default.');
    expect(log).toBeUndefined();
  });

  /** Without the pod's answer nobody knows yet whose log to read. */
  const leftWhenSlow = parts.map(
    ([part, left]) => [part, left.filter((one) => part !== 'getPod' || one !== 'the log')] as const,
  );

  test.each(leftWhenSlow)('%s that never answers, until time is up', async (part, left) => {
    const cluster = story();
    const controller = new AbortController();
    const { promise: asked, resolve } = Promise.withResolvers<void>();
    cluster[part] = () => {
      resolve();
      return new Promise<never>(() => {});
    };
    const diagnosis = diagnosed(cluster, finding, controller.signal);
    await asked;
    // What answers at once has done so by the next turn of the event loop.
    await new Promise(setImmediate);
    controller.abort();
    expect(labelsOf(await diagnosis)).toEqual(left);
  });

  test.each(FINDING_KINDS)('nothing answers, %s', async (kind) => {
    const cluster = story();
    cluster.failure = new UnavailableError('away');
    const { facts, log } = await diagnosed(cluster, findingOf(kind, { pods: [], count: 0 }));
    expect(log).toBeUndefined();
    expect(facts).toEqual(kind.startsWith('node') ? ['Pods on it: 0'] : []);
  });

  test('an order without findings', async () => {
    const deps = { cluster: story(), signal: new AbortController().signal, mask: maskSecrets };
    expect(await diagnose(orderOf(), deps)).toEqual({ facts: [] });
  });
});

describe('whatever the cluster says', () => {
  const text = nasty(3_000);

  test('secrets in facts are hidden, also where colours split them', async () => {
    const cluster = clusterOf(CRASHING);
    happened(cluster, 'Unhealthy', 'Liveness probe failed: GET /?to\u001b[1mken=abc123 \u0000<!channel>\nsecond line');
    const { facts } = await diagnosed(cluster, findingOf('crash-loop'));
    expect(facts).toContain('Probe: Liveness probe failed: GET /?token=••• <!channel> second line');
  });

  test('it fits', async () => {
    const words = fc.tuple(text, text, text, text, text);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...FINDING_KINDS), words, async (kind, [log, event, message, image, detail]) => {
        const cluster = clusterOf({ ...CRASHING, message, memoryLimit: detail }, { unschedulable: message });
        rolledOut(cluster, image, message);
        for (const reason of ['Unhealthy', 'Failed', 'FailedScheduling']) happened(cluster, reason, event);
        cluster.logs.set(`default/${POD}/web/previous`, log.repeat(40));
        const finding = findingOf(kind, { detail: detail.slice(0, 500) });
        const deps = { cluster, signal: new AbortController().signal, mask: maskSecrets };
        const diagnosis = await diagnose(orderOf(finding), deps);
        expect(diagnosisSchema.parse(diagnosis)).toEqual(diagnosis);
        for (const each of diagnosis.facts) expect(each.text.isWellFormed()).toBe(true);
      }),
    );
  });
});
