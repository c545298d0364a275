import { describe, expect, test } from 'vitest';
import { createRestart } from '../../src/actions/restart.ts';
import { createScale } from '../../src/actions/scale.ts';
import { NotAllowedError, UnavailableError } from '../../src/errors.ts';
import type { Condition, Workload } from '../../src/kubernetes/cluster.ts';
import {
  carryOut,
  clusterWith,
  containerOf,
  contextOf,
  createStory,
  planned,
  podOf,
  REQUESTED_AT,
  workloadOf,
} from './action-kit.ts';
import type { FakeCluster } from './fake-cluster.ts';

const input = { workload: { name: 'api' } };
const STUCK: Condition = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: undefined,
};

const BACK_OFF = 'Back-off pulling image "web:2"';

type Scene = Partial<Workload> | ((cluster: FakeCluster, workload: Workload) => void);

/** Asks for a change of `start` and lets the scenes happen, one at each look. */
async function play(
  start: Workload,
  replicas: number | undefined,
  scenes: Scene[],
  prepare?: (cluster: FakeCluster) => void,
) {
  const cluster = clusterWith(start);
  const story = createStory(
    scenes.map((scene) => () => {
      if (typeof scene === 'function') scene(cluster, start);
      else cluster.update(start, scene);
    }),
  );
  const context = contextOf(cluster, { now: story.now });
  const action = replicas === undefined ? createRestart(story.pace) : createScale(story.pace);
  const plan = await planned(action, context, replicas === undefined ? input : { ...input, replicas });
  prepare?.(cluster);
  return { ...(await carryOut(action, cluster, context, plan)), cluster };
}

const restart = (start: Workload, scenes: Scene[], prepare?: (cluster: FakeCluster) => void) =>
  play(start, undefined, scenes, prepare);

describe('a restart', () => {
  test('of a Deployment counts updated, then old, then available pods', async () => {
    const { texts, outcome, said } = await restart(workloadOf({ replicas: 20 }), [
      { observedGeneration: 2, updated: 0, current: 20 },
      { updated: 12, current: 22 },
      { updated: 20, current: 23 },
      { current: 20, available: 18 },
      { available: 18 },
      { available: 20 },
    ]);
    expect(texts).toEqual([
      'waiting for the controller to see the change',
      '0 of 20 pods updated',
      '12 of 20 pods updated',
      '20 of 20 pods updated, 3 old still stopping',
      '20 of 20 pods updated, 18 of 20 ready',
    ]);
    expect(said.at(2)).toMatchObject({ done: 12, total: 20 });
    expect(outcome).toEqual({ result: 'succeeded', text: '20 of 20 pods updated and ready.' });
  });

  test('does not take the old status for the new one', async () => {
    const { outcome, texts } = await restart(workloadOf(), [{}, { observedGeneration: 2, updated: 0 }, { updated: 3 }]);
    expect(texts).toEqual(['waiting for the controller to see the change', '0 of 3 pods updated']);
    expect(outcome.result).toBe('succeeded');
  });

  test('of a StatefulSet goes by readiness, and stops at its partition', async () => {
    const { texts, outcome } = await restart(workloadOf({ kind: 'StatefulSet', partition: 1, available: 0 }), [
      { observedGeneration: 2, updated: 0 },
      { updated: 1, ready: 2 },
      { updated: 2, ready: 3 },
    ]);
    expect(texts.slice(1)).toEqual(['0 of 2 pods updated', '1 of 2 pods updated']);
    expect(outcome.text).toBe('2 pods updated and ready; the partition keeps the other 1 as they were.');
  });

  test('of a DaemonSet waits until all are available', async () => {
    const { texts, outcome } = await restart(workloadOf({ kind: 'DaemonSet' }), [
      { observedGeneration: 2, updated: 1, available: 2 },
      { updated: 3, available: 2 },
      { available: 3 },
    ]);
    expect(texts.slice(1)).toEqual(['1 of 3 pods updated', '3 of 3 pods updated, 2 of 3 ready']);
    expect(outcome.result).toBe('succeeded');
  });

  test('with OnDelete says that nothing restarts by itself', async () => {
    const { outcome } = await restart(workloadOf({ kind: 'DaemonSet', strategy: 'OnDelete' }), [
      { observedGeneration: 2, updated: 0 },
    ]);
    expect(outcome).toMatchObject({ result: 'succeeded', text: expect.stringContaining('OnDelete') });
  });

  test('goes on when somebody changes another field', async () => {
    const { outcome } = await restart(workloadOf(), [
      { observedGeneration: 2, updated: 1 },
      { generation: 3, replicas: 4 },
      { observedGeneration: 3, updated: 4, current: 4, available: 4 },
    ]);
    expect(outcome.text).toBe('4 of 4 pods updated and ready.');
  });
});

describe('a scale', () => {
  test('up counts ready pods', async () => {
    const { texts, outcome } = await play(workloadOf(), 5, [
      { observedGeneration: 2 },
      { current: 5 },
      { available: 4, ready: 4 },
      { available: 5, ready: 5 },
    ]);
    expect(texts.slice(1)).toEqual(['3 of 5 pods ready', '4 of 5 pods ready']);
    expect(outcome).toEqual({ result: 'succeeded', text: '5 of 5 pods ready.' });
  });

  test('to one counts one pod, not “1 pods”', async () => {
    const { texts, outcome } = await play(workloadOf({ replicas: 0, current: 0, available: 0, ready: 0 }), 1, [
      { observedGeneration: 2 },
      { current: 1 },
      { available: 1, ready: 1 },
    ]);
    expect(texts.slice(1)).toEqual(['0 of 1 pod ready']);
    expect(outcome).toEqual({ result: 'succeeded', text: '1 of 1 pod ready.' });
  });

  test('down waits for the pods to go', async () => {
    const { texts, outcome } = await play(workloadOf(), 0, [{ observedGeneration: 2 }, { current: 1 }, { current: 0 }]);
    expect(texts.slice(1)).toEqual(['3 pods still stopping', '1 pod still stopping']);
    expect(outcome).toEqual({ result: 'succeeded', text: 'No pod runs any more.' });
  });

  test('of a StatefulSet goes by ready pods, as old clusters tell no available ones', async () => {
    const start = workloadOf({ kind: 'StatefulSet', available: 0 });
    const { outcome } = await play(start, 4, [{ observedGeneration: 2, current: 4 }, { ready: 4 }]);
    expect(outcome.result).toBe('succeeded');
  });

  test('is not blamed for a rollout that had failed before', async () => {
    const { outcome } = await play(workloadOf({ conditions: [STUCK] }), 5, [
      { observedGeneration: 2 },
      { current: 5 },
      { available: 5 },
    ]);
    expect(outcome.result).toBe('succeeded');
  });

  test('that an autoscaler sets back says so', async () => {
    const { outcome } = await play(workloadOf(), 5, [
      { observedGeneration: 2 },
      { generation: 3, replicas: 3, observedGeneration: 3 },
    ]);
    expect(outcome).toMatchObject({
      result: 'failed',
      reason: 'Superseded',
      text: expect.stringContaining('3 replicas'),
    });
  });
});

describe('fails', () => {
  test('by the Deployment’s own deadline, with the pods’ reason and the registry’s answer', async () => {
    const waiting = containerOf({ ready: false, state: 'waiting', reason: 'ImagePullBackOff', message: BACK_OFF });
    const { outcome } = await restart(
      workloadOf(),
      [{ observedGeneration: 2, updated: 1, conditions: [STUCK] }],
      (cluster) => {
        cluster.pods.push(
          podOf({ name: 'api-8c-new', createdAt: REQUESTED_AT, containers: [waiting], templateHash: '8c' }),
        );
        const message = 'Failed to pull image "web:2": manifest unknown';
        cluster.events.push({
          uid: 'pod-api-8c-new',
          event: { type: 'Warning', reason: 'Failed', message, count: 3, lastSeen: REQUESTED_AT + 1 },
        });
      },
    );
    expect(outcome).toEqual({
      result: 'failed',
      reason: 'ProgressDeadlineExceeded',
      text:
        'The rollout did not get on within its own deadline: 1 of 3 pods updated. ' +
        'The image web:2 of container web of pod api-8c-new cannot be pulled (ImagePullBackOff): manifest unknown',
    });
  });

  test('when nothing moves, with the exit code of what crashes', async () => {
    const crashing = containerOf({ ready: false, state: 'waiting', reason: 'CrashLoopBackOff', exitCode: 137 });
    const start = workloadOf({ kind: 'StatefulSet' });
    const { outcome } = await restart(start, [{ observedGeneration: 2, updated: 1, ready: 2 }], (cluster) => {
      cluster.pods.push(
        podOf({ name: 'api-2', owner: { kind: 'StatefulSet', name: 'api', uid: start.uid }, containers: [crashing] }),
      );
    });
    expect(outcome).toMatchObject({ result: 'failed', reason: 'CrashLoopBackOff' });
    expect(outcome.text).toContain('Nothing has moved for 10 min: 1 of 3 pods updated.');
    expect(outcome.text).toContain('exit code 137');
  });

  test('where no node has room', async () => {
    const { outcome } = await play(workloadOf(), 5, [{ observedGeneration: 2, current: 5 }], (cluster) => {
      const pod = podOf({ name: 'api-7d9f-x9', status: 'Pending', containers: [], isReady: false });
      cluster.pods.push({ ...pod, unschedulable: '0/3 nodes are available: 3 Insufficient cpu.' });
    });
    expect(outcome).toMatchObject({ reason: 'Unschedulable', text: expect.stringContaining('Insufficient cpu') });
  });

  test('where a quota lets no pod be made, by condition or by event', async () => {
    const refused: Condition = {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'FailedCreate',
      message: 'exceeded quota',
    };
    const byCondition = await play(workloadOf(), 5, [{ observedGeneration: 2, conditions: [refused] }]);
    expect(byCondition.outcome).toMatchObject({
      reason: 'FailedCreate',
      text: expect.stringContaining('exceeded quota'),
    });
    const set = workloadOf({ kind: 'StatefulSet' });
    const byEvent = await play(set, 5, [{ observedGeneration: 2 }], (cluster) => {
      const event = { type: 'Warning', reason: 'FailedCreate', message: 'forbidden by webhook', count: 1 };
      cluster.events.push({ uid: set.uid, event: { ...event, lastSeen: REQUESTED_AT + 1 } });
    });
    expect(byEvent.outcome).toMatchObject({
      reason: 'FailedCreate',
      text: expect.stringContaining('forbidden by webhook'),
    });
  });

  test('not while it gets on, however long that takes', async () => {
    const slow = Array.from({ length: 30 }, (_, at) => [{ ready: at, current: 30 }, {}, {}, {}, {}]).flat();
    const start = workloadOf({ kind: 'StatefulSet', replicas: 1 });
    const { outcome } = await play(start, 30, [{ observedGeneration: 2 }, ...slow, { ready: 30 }]);
    expect(outcome.result).toBe('succeeded');
  });

  test('when ready pods come and go without getting on', async () => {
    const flapping = Array.from({ length: 30 }, (_, at) => ({
      available: 3 + (at % 2),
      ready: 3 + (at % 2),
      current: 5,
    }));
    const { outcome } = await play(workloadOf(), 5, [{ observedGeneration: 2 }, ...flapping]);
    expect(outcome).toMatchObject({ result: 'failed', reason: 'Timeout' });
  });

  test('where it was deleted', async () => {
    const { outcome } = await restart(workloadOf(), [(cluster) => cluster.workloads.splice(0)]);
    expect(outcome).toMatchObject({ result: 'failed', reason: 'Deleted' });
  });

  test('where it was made anew', async () => {
    const { outcome } = await restart(workloadOf(), [{ uid: 'another' }]);
    expect(outcome).toMatchObject({ result: 'failed', reason: 'Recreated' });
  });

  test('where another restart has replaced it', async () => {
    const byHand = { restartedAt: '2026-11-22T14:05:00Z', generation: 3 };
    const { outcome } = await restart(workloadOf(), [{ observedGeneration: 2, updated: 1 }, byHand]);
    expect(outcome).toMatchObject({ result: 'failed', reason: 'Superseded' });
  });

  test('never because another request has changed something else meanwhile', async () => {
    const scaled = { marker: 'r-2.1', generation: 3, observedGeneration: 3, replicas: 2 };
    const { outcome } = await restart(workloadOf(), [
      { observedGeneration: 2, updated: 1 },
      scaled,
      { current: 2, updated: 2, ready: 2, available: 2 },
    ]);
    expect(outcome).toMatchObject({ result: 'succeeded' });
  });
});

describe('a cluster that does not answer', () => {
  const away = (cluster: FakeCluster) => {
    cluster.failure = new UnavailableError('no answer');
  };
  const back = (cluster: FakeCluster) => {
    cluster.failure = undefined;
  };

  test('is asked again, and the thread knows', async () => {
    const { texts, outcome } = await restart(workloadOf(), [
      { observedGeneration: 2, updated: 1 },
      away,
      {},
      back,
      { updated: 3 },
    ]);
    expect(texts.slice(1)).toEqual([
      '1 of 3 pods updated',
      'the cluster does not answer, still trying (last seen: 1 of 3 pods updated)',
      '1 of 3 pods updated',
    ]);
    expect(outcome.result).toBe('succeeded');
  });

  test('does not use up the time of the rollout', async () => {
    const scenes: Scene[] = [
      { observedGeneration: 2 },
      ...Array.from({ length: 8 }, () => ({})),
      away,
      ...Array.from({ length: 8 }, () => ({})),
      back,
    ];
    const { outcome } = await play(workloadOf(), 5, [...scenes, {}, {}, { current: 5, available: 5 }]);
    expect(outcome.result).toBe('succeeded');
  });

  test('is waited for longer than pods that do not move', async () => {
    const minutes = Array.from({ length: 40 }, () => ({}));
    const scenes: Scene[] = [{ observedGeneration: 2 }, away, ...minutes, back, { current: 5, available: 5 }];
    expect((await play(workloadOf(), 5, scenes)).outcome.result).toBe('succeeded');
  });

  test('for good leaves the outcome open: that is an error, not a failure', async () => {
    await expect(play(workloadOf(), 5, [{ observedGeneration: 2 }, away])).rejects.toBeInstanceOf(UnavailableError);
  });

  test('and one that forbids to look is an error at once', async () => {
    const forbids = (cluster: FakeCluster) => {
      cluster.failure = new NotAllowedError('no right to get deployments');
    };
    await expect(play(workloadOf(), 5, [forbids])).rejects.toBeInstanceOf(NotAllowedError);
  });
});

test('following ends when it is told to', async () => {
  const stop = new AbortController();
  const cluster = clusterWith(workloadOf());
  const story = createStory([() => stop.abort(new Error('stopping'))]);
  const context = contextOf(cluster, { now: story.now, signal: stop.signal });
  const action = createScale(story.pace);
  const plan = await planned(action, context, { ...input, replicas: 5 });
  await expect(carryOut(action, cluster, context, plan)).rejects.toThrow('stopping');
});
