import { beforeAll, expect, it } from 'vitest';
import { deployment } from '../support/cluster/manifests.ts';
import { describeCluster } from '../support/clusters.ts';
import { asks } from './asking.ts';
import { useStage } from './stage.ts';

/** Slack takes about one message a second in a channel, and says so with 429: work goes on, the thread catches up. */
describeCluster('three changes at once in a channel that Slack limits', (kit) => {
  const stage = useStage(kit);
  const names = ['one', 'two', 'three'];
  let namespace: string;
  beforeAll(async () => {
    namespace = await kit.namespace();
    for (const name of names) {
      await kit.apply(deployment(name, { namespace, replicas: 1 }));
      await kit.rolledOut({ kind: 'Deployment', namespace, name });
    }
  });

  it('end in three threads that miss and repeat nothing', async () => {
    stage.slack.enforceRateLimits();
    const asked = await Promise.all(names.map((name) => asks(stage, `scale deployment ${name} 2 -n ${namespace}`)));
    await Promise.all(asked.map(({ card }) => stage.bob.clicks('Approve', { on: card })));
    for (const { shows, now } of asked) {
      await shows('*Done*', 60_000);
      expect(now().buttons).toEqual(['Undo']);
    }
    for (const { lines } of asked) {
      await stage.slack.waitFor(() => lines().some((line) => line.includes('Done.')), { timeoutMs: 60_000 });
      expect(lines()).toHaveLength(4);
    }
    const limited = stage.slack.journal.filter((entry) => JSON.stringify(entry).includes('ratelimited'));
    expect(limited.length).toBeGreaterThan(0);
    stage.slack.takeViolations();
  }, 120_000);
});
