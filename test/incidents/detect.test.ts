import { describe, expect, it } from 'vitest';
import { detect } from '../../src/incidents/detect.ts';
import { type Finding, findingKey } from '../../src/incidents/finding.ts';
import type { SignsPicture } from '../../src/kubernetes/signs.ts';
import {
  HOUR,
  killed,
  MINUTE,
  SECOND,
  sampleDeployment,
  sampleJob,
  sampleNode,
  samplePod,
  signsPicture,
  T0,
  troubledPod,
} from './sample.ts';

const options = {
  now: T0 + MINUTE,
  pendingMs: 5 * MINUTE,
  firstWatched: T0 - HOUR,
  watchingSince: T0 - HOUR,
  watchedUntil: T0 - HOUR,
};

function found(picture: Partial<SignsPicture>, over: Partial<typeof options | { watchedUntil: undefined }> = {}) {
  return detect(signsPicture(picture), { ...options, ...over });
}

function keys(findings: readonly Finding[]): string[] {
  return findings.map(findingKey);
}

describe('containers', () => {
  const ended = { reason: 'Error', exitCode: 1, at: T0 };
  it.each([
    ['CrashLoopBackOff', ended, 'crash-loop'],
    ['CrashLoopBackOff', killed, 'oom-killed'],
    ['ErrImagePull', undefined, 'image-pull'],
    ['ImagePullBackOff', undefined, 'image-pull'],
    ['ImagePullBackOff', killed, 'image-pull'],
    ['InvalidImageName', undefined, 'image-pull'],
    ['ErrImageNeverPull', undefined, 'image-pull'],
    ['RegistryUnavailable', undefined, 'image-pull'],
    ['ImageInspectError', undefined, 'image-pull'],
    ['CreateContainerConfigError', undefined, 'config-error'],
    ['CreateContainerError', undefined, 'config-error'],
    ['RunContainerError', ended, undefined],
    ['StartError', ended, undefined],
    ['PostStartHookError', ended, undefined],
    ['constructor', undefined, undefined],
  ])('that wait for %s after %j: %s', (reason, before, kind) => {
    const findings = found({ pods: [troubledPod([{ reason, ended: before }])] });
    expect(findings.map((finding) => finding.kind)).toEqual(kind ? [kind] : []);
    expect(findings.every(({ calmSince }) => calmSince === undefined)).toBe(true);
  });

  it('tell what people look for first', () => {
    expect(found({ pods: [troubledPod([{}])] })).toEqual([
      {
        kind: 'crash-loop',
        owner: { kind: 'Deployment', namespace: 'shop', name: 'web' },
        since: T0,
        at: T0,
        count: 1,
        pods: [
          {
            name: 'web-1',
            node: 'node-1',
            container: 'app',
            reason: 'CrashLoopBackOff',
            exitCode: 1,
            restarts: 3,
            message: 'back-off 10s restarting failed container',
          },
        ],
        labels: { app: 'web' },
      },
    ]);
  });

  it('that never started are in trouble since their pod was made', () => {
    const never = { reason: 'StartError', exitCode: 128, at: 0 };
    for (const ended of [undefined, never]) {
      expect(found({ pods: [troubledPod([{ ended }], { createdAt: T0 - MINUTE })] })).toMatchObject([
        { since: T0 - MINUTE, at: T0 - MINUTE },
      ]);
    }
  });

  it('of one pod count once, and the worst one speaks', () => {
    const pods = [
      troubledPod([
        { container: 'sidecar', restarts: 2, ended: { ...ended, at: T0 - MINUTE } },
        { container: 'app', restarts: 90 },
      ]),
    ];
    expect(found({ pods })).toMatchObject([{ count: 1, since: T0 - MINUTE, at: T0, pods: [{ container: 'app' }] }]);
  });

  it('of a pod that is over wait for nothing any more', () => {
    expect(found({ pods: [troubledPod([{}, { reason: 'ErrImagePull' }], { over: true })] })).toEqual([]);
  });

  it('hide what looks like a secret', () => {
    const message = 'failed to pull https://bob:hunter22@registry/x\u001b[31m';
    const [finding] = found({ pods: [troubledPod([{ reason: 'ErrImagePull', message }])] });
    expect(finding?.pods[0]?.message).not.toContain('hunter22');
    expect(finding?.pods[0]?.message).not.toContain('\u001b');
  });
});

describe('a container that runs between two crashes', () => {
  const ended = { reason: 'Error', exitCode: 1, at: T0 };
  const running = {
    state: 'running',
    reason: undefined,
    message: undefined,
    ended,
    runningSince: T0 + SECOND,
  } as const;

  it('has stopped crashing for now', () => {
    const pods = [troubledPod([running])];
    const calm = { kind: 'crash-loop', at: T0, calmSince: T0 + SECOND, pods: [{ reason: 'CrashLoopBackOff' }] };
    expect(found({ pods }, { now: T0 + 10 * MINUTE - 1 })).toMatchObject([calm]);
    expect(found({ pods }, { now: T0 + 10 * MINUTE })).toEqual([]);
  });

  it('is told for as long where nobody watched when it crashed', () => {
    const gap = { watchedUntil: T0 - 1, watchingSince: T0 + HOUR };
    expect(found({ pods: [troubledPod([running])] }, { ...gap, now: T0 + HOUR })).toHaveLength(1);
  });
});

describe('a container that was killed for want of memory', () => {
  const base = { ended: killed, reason: undefined, message: undefined };
  it.each([
    ['is down', { state: 'terminated' }, false, undefined],
    ['waits for its next start', { state: 'waiting', reason: 'ContainerCreating' }, false, undefined],
    ['runs again', { state: 'running', runningSince: T0 + SECOND }, false, T0 + SECOND],
    ['runs again since nobody knows when', { state: 'running' }, false, T0],
    ['is an init one that did its work then', { init: true, state: 'terminated', runningSince: T0 + 1 }, false, T0 + 1],
    ['is an init one and down', { init: true, state: 'terminated' }, false, undefined],
    ['was of a pod that is over', { state: 'terminated' }, true, T0],
  ] as const)('%s', (_, container, over, calmSince) => {
    const findings = found({ pods: [troubledPod([{ ...base, ...container }], { over })] });
    expect(findings).toMatchObject([{ kind: 'oom-killed', since: T0, at: T0, count: 1 }]);
    expect(findings[0]?.calmSince).toBe(calmSince);
    expect(findings[0]?.pods[0]?.reason).toBe('OOMKilled');
  });

  const again = { pods: [troubledPod([{ ...base, state: 'running', runningSince: T0 + SECOND }])] };
  it.each([
    ['for an hour', {}, T0 + HOUR - 1, true],
    ['no longer', {}, T0 + HOUR, false],
    [
      'for an hour after somebody watches again',
      { watchedUntil: T0 - 1, watchingSince: T0 + 9 * HOUR },
      T0 + 10 * HOUR - 1,
      true,
    ],
    ['no longer after that', { watchedUntil: T0 - 1, watchingSince: T0 + 9 * HOUR }, T0 + 10 * HOUR, false],
    ['not again where it was told before', { watchedUntil: T0, watchingSince: T0 + 9 * HOUR }, T0 + 9 * HOUR, false],
    [
      'not where it is from long before the first start',
      { watchedUntil: undefined, watchingSince: T0 + 9 * HOUR },
      T0 + 9 * HOUR,
      false,
    ],
  ])('is told %s', (_, over, now, isTold) => {
    expect(found(again, { ...over, now })).toHaveLength(isTold ? 1 : 0);
  });

  it('counts, while one is down, those that were a moment ago, as they take turns', () => {
    const running = { ...base, state: 'running', runningSince: T0 + SECOND } as const;
    const pods = [
      troubledPod([running], { name: 'web-1' }),
      troubledPod([{ ...base, state: 'terminated' }], { name: 'web-2' }),
    ];
    const soon = { now: T0 + 5 * MINUTE };
    expect(found({ pods }, soon)).toMatchObject([{ count: 2, pods: [{ name: 'web-1' }, { name: 'web-2' }] }]);
    expect(found({ pods }, soon)[0]).not.toHaveProperty('calmSince');
    const later = { now: T0 + 5 * MINUTE + SECOND };
    expect(found({ pods }, later)).toMatchObject([{ count: 1, pods: [{ name: 'web-2' }] }]);
  });
});

describe('pods', () => {
  it('of one owner are one finding that names five', () => {
    const pods = Array.from({ length: 400 }, (_, index) => troubledPod([{}], { name: `web-${index}` }));
    const findings = found({ pods });
    expect(findings).toMatchObject([{ kind: 'crash-loop', count: 400 }]);
    expect(findings[0]?.pods).toHaveLength(5);
  });

  it.each([
    ['a bare one', undefined, 'Pod/shop/web-1'],
    ['a static one', { kind: 'Node', name: 'node-1', uid: 'n' }, 'Pod/shop/web-1'],
    ['one of a CronJob’s Job', { kind: 'Job', name: 'backup-1', uid: 'uid-backup-1' }, 'CronJob/shop/backup'],
    ['one of a Job that is not known', { kind: 'Job', name: 'other', uid: 'x' }, 'Job/shop/other'],
    ['one of a stranger', { kind: 'Rollout', name: 'r', uid: 'x' }, 'Rollout/shop/r'],
  ])('%s', (_, owner, key) => {
    const findings = found({ pods: [troubledPod([{}], { owner })], jobs: [sampleJob()] });
    expect(keys(findings)).toEqual([`crash-loop/${key}`]);
  });

  it('that wait for a node are told after a while', () => {
    const pods = [
      troubledPod([], { node: undefined, unschedulable: { since: T0, message: '0/3 nodes are available' } }),
    ];
    expect(found({ pods }, { now: T0 + 5 * MINUTE - 1 })).toEqual([]);
    expect(found({ pods }, { now: T0 + 5 * MINUTE })).toMatchObject([
      { kind: 'unschedulable', since: T0, at: T0, pods: [{ message: '0/3 nodes are available' }] },
    ]);
  });

  it('on a node that is not ready are explained by it', () => {
    const signs = (status: 'False' | 'Unknown') => ({
      labels: { zone: 'a' },
      conditions: [{ type: 'Ready' as const, status, reason: 'KubeletDown', message: undefined, since: T0 }],
    });
    const pods = [troubledPod([{}]), troubledPod([{}], { name: 'web-2', node: 'node-2' })];
    for (const status of ['False', 'Unknown'] as const) {
      const findings = found({ pods, nodes: [sampleNode({ signs: signs(status) })] });
      expect(keys(findings)).toEqual(['crash-loop/Deployment/shop/web', 'node-not-ready/Node//node-1']);
      expect(findings).toMatchObject([
        { count: 1, pods: [{ name: 'web-2' }] },
        { count: 1, pods: [{ name: 'shop/web-1' }], detail: 'KubeletDown', labels: { zone: 'a' } },
      ]);
    }
  });
});

it('a node that is gone hits no pods that have done their work', () => {
  const conditions = [{ type: 'Ready', status: 'Unknown', reason: undefined, message: undefined, since: T0 } as const];
  const done = samplePod({ name: 'a-job', status: 'Completed', isReady: false });
  const over = troubledPod([], { name: 'b-job', status: 'Error', over: true });
  const pods = [done, over, samplePod({ name: 'web-1' })];
  expect(found({ pods, nodes: [sampleNode({ signs: { labels: {}, conditions } })] })).toMatchObject([
    { kind: 'node-not-ready', count: 1, pods: [{ name: 'shop/web-1' }] },
  ]);
});

it('a node under pressure names which, and explains no pods', () => {
  const pressure = (
    type: 'DiskPressure' | 'MemoryPressure' | 'PIDPressure',
    status: 'True' | 'Unknown',
    since: number,
  ) => ({
    type,
    status,
    reason: undefined,
    message: undefined,
    since,
  });
  const conditions = [
    pressure('MemoryPressure', 'True', T0),
    pressure('DiskPressure', 'True', T0 - MINUTE),
    pressure('PIDPressure', 'Unknown', T0 - HOUR),
  ];
  const healthy = Array.from({ length: 9 }, (_, index) => samplePod({ name: `a-${index}` }));
  const pods = [...healthy, troubledPod([{}], { name: 'web-1' })];
  const findings = found({ pods, nodes: [sampleNode({ signs: { labels: {}, conditions } })] });
  expect(findings).toMatchObject([
    { kind: 'crash-loop' },
    { kind: 'node-pressure', detail: 'DiskPressure, MemoryPressure', since: T0 - MINUTE, at: T0, count: 10 },
  ]);
  expect(findings[1]?.pods.map(({ name }) => name)).toEqual([
    'shop/web-1',
    'shop/a-0',
    'shop/a-1',
    'shop/a-2',
    'shop/a-3',
  ]);
});

describe('Jobs', () => {
  const failed = { at: T0, reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' };

  it('that failed are told of their CronJob, the latest only', () => {
    const jobs = [
      sampleJob({ name: 'backup-2', failed, createdAt: T0 - MINUTE }),
      sampleJob({ name: 'backup-1', failed: { ...failed, at: T0 - HOUR }, createdAt: T0 - 2 * HOUR }),
    ];
    const findings = found({ jobs });
    expect(keys(findings)).toEqual(['job-failed/CronJob/shop/backup']);
    expect(findings).toMatchObject([{ at: T0, count: 0, detail: `backup-2: ${failed.message}` }]);
  });

  it('that failed by themselves are their own owner', () => {
    const findings = found({ jobs: [sampleJob({ owner: undefined, failed: { ...failed, message: undefined } })] });
    expect(keys(findings)).toEqual(['job-failed/Job/shop/backup-1']);
    expect(findings).toMatchObject([{ detail: 'BackoffLimitExceeded' }]);
  });

  it.each([
    ['a later one has completed', { createdAt: T0 - MINUTE, completedAt: T0 }, 0],
    ['an earlier one has completed later', { createdAt: T0 - 2 * HOUR, completedAt: T0 + 1 }, 1],
    ['a later one runs', { createdAt: T0 - MINUTE }, 1],
  ])('where %s: %#', (_, other, count) => {
    const jobs = [sampleJob({ name: 'backup-2', ...other }), sampleJob({ failed })];
    expect(found({ jobs })).toHaveLength(count);
  });

  it('that failed more than a day before anybody watched are old news', () => {
    const jobs = [sampleJob({ failed })];
    expect(found({ jobs }, { firstWatched: T0 + 24 * HOUR })).toHaveLength(1);
    expect(found({ jobs }, { firstWatched: T0 + 24 * HOUR + 1 })).toEqual([]);
  });

  it('that failed days ago are told still, whoever watches now', () => {
    const restarted = { watchedUntil: T0 + 72 * HOUR - MINUTE, watchingSince: T0 + 72 * HOUR, now: T0 + 72 * HOUR };
    expect(found({ jobs: [sampleJob({ failed })] }, restarted)).toHaveLength(1);
  });
});

describe('rollouts', () => {
  const complete = { workloads: [sampleDeployment({ completedAt: T0 })] };

  it('that are stuck', () => {
    const stuck = { since: T0, message: 'ReplicaSet "web-7" has timed out progressing.' };
    expect(found({ workloads: [sampleDeployment({ stuck })] })).toMatchObject([
      { kind: 'rollout-stuck', since: T0, at: T0, detail: stuck.message, revision: '7', count: 0 },
    ]);
  });

  it.each([
    ['now', {}, T0, 1],
    ['an hour ago', {}, T0 + HOUR, 0],
    ['while nobody watched', { watchedUntil: T0 - 1, watchingSince: T0 + 9 * HOUR }, T0 + 9 * HOUR, 1],
    ['before the first start', { firstWatched: T0 + 1, watchedUntil: undefined, watchingSince: T0 + 1 }, T0 + 2, 0],
    [
      'before the first of two starts',
      { firstWatched: T0 + 1, watchedUntil: T0 + 2, watchingSince: T0 + 3 },
      T0 + 3,
      0,
    ],
    ['after the first start', { firstWatched: T0, watchedUntil: undefined, watchingSince: T0 }, T0 + 2, 1],
  ])('that were completed %s', (_, over, now, count) => {
    const findings = found(complete, { ...over, now });
    expect(findings).toHaveLength(count);
    for (const finding of findings) expect(finding).toMatchObject({ kind: 'rollout-complete', at: T0, calmSince: T0 });
  });
});
