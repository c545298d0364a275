import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployment } from '../../support/cluster/manifests.ts';
import { storm } from '../../support/cluster/storm.ts';
import type { Ref } from '../../support/cluster/types.ts';
import { GREEN } from './incident-stage.ts';
import { partOf } from './replicas-stage.ts';
import { raiseStorm, SHOP, type StormStage } from './storm-stage.ts';

const DEPLOYMENTS = 40;
const PODS_EACH = 25;
const ownerIn = (text: string) => /\*Deployment ([\w-]+)\*/.exec(text)?.[1] ?? text;

describe('1,000 pods of 40 Deployments that fail within 10 s', () => {
  let stage: StormStage;
  let end: () => void;
  const inShop = (name: string): Ref => ({ kind: 'Deployment', namespace: SHOP.namespace, name });
  const apps = Array.from({ length: DEPLOYMENTS }, (_, index) => `app-${index}`);
  const refs = apps.map((name, index): Ref => ({ kind: 'Deployment', namespace: `team-${index % 20}`, name }));

  beforeAll(async () => {
    stage = await raiseStorm({ deployments: DEPLOYMENTS, podsPerDeployment: PODS_EACH, nodes: 10 });
    stage.cluster.apply(
      deployment('payments', { namespace: SHOP.namespace }),
      deployment('web', { namespace: SHOP.namespace }),
    );
  }, 60_000);
  afterAll(async () => {
    expect(await stage.stop()).toBe(0);
  });

  /** A change from the asking to its end, beside all the rest; ms. */
  async function scaledWeb(replicas: number): Promise<number> {
    const { slack } = stage;
    const askedAt = performance.now();
    const said = await slack.person('alice').mentions('ops', `scale deployment web ${replicas} -n ${SHOP.namespace}`);
    const bob = slack.person('bob');
    const card = await bob.waitsFor((m) => m.thread === said.ts && m.buttons.includes('Approve'), { in: 'ops' });
    await bob.clicks('Approve', { on: card });
    await bob.waitsFor((m) => m.ts === card.ts && m.text.includes('*Done*'), { in: 'ops', timeoutMs: 20_000 });
    return performance.now() - askedAt;
  }

  it('are one message for each, a summary before most of them, and nobody else waits for them', async () => {
    const { slack } = stage;
    const began = performance.now();
    const raging = storm(stage.cluster, { within: 10_000, of: refs });
    await slack.waitFor(() => stage.roots().length >= 15, { timeoutMs: 40_000 });
    const writtenAt = Date.now();
    await storm(stage.cluster, { of: [inShop('payments')] });
    const other = await slack.waitFor(() => stage.rootsIn(SHOP.channel)[0], { timeoutMs: 5_000 });
    const otherMs = Number(other.ts) * 1000 - writtenAt;
    const changeMs = await scaledWeb(2);
    end = await raging;
    await slack.waitFor(() => stage.roots().length >= DEPLOYMENTS, {
      timeoutMs: 70_000,
      what: () => `${DEPLOYMENTS} messages; there are ${stage.roots().length}`,
    });
    const tookS = (performance.now() - began) / 1000;
    console.log(
      `storm: all told after ${tookS.toFixed(0)} s; another channel ${otherMs.toFixed(0)} ms, a change there ${changeMs.toFixed(0)} ms`,
    );
    expect(otherMs).toBeLessThan(2_000);
    expect(changeMs).toBeLessThan(10_000);
    expect(
      stage
        .roots()
        .map(({ text }) => ownerIn(text))
        .sort(),
    ).toEqual(apps.toSorted());
    const [summary, ...more] = stage.summaries();
    expect(more).toEqual([]);
    const before = stage.roots().filter(({ ts }) => Number(ts) < Number(summary?.ts)).length;
    console.log(`storm: ${before} messages before the summary`);
    expect(before).toBeLessThanOrEqual(12);
    await slack.waitFor(() => stage.summaries()[0]?.text.includes(`*${DEPLOYMENTS} incidents are open*`), {
      timeoutMs: 20_000,
      what: () => `a summary of ${DEPLOYMENTS}; it says ${stage.summaries()[0]?.text}`,
    });
    // Those that were told while the pods still failed are edited, one each 1.5 s.
    await slack.waitFor(() => stage.roots().every(({ text }) => text.includes(`${PODS_EACH} pods`)), {
      timeoutMs: 60_000,
    });
  }, 160_000);

  it('turn green once they are well again, the summary too', async () => {
    const { slack } = stage;
    const began = performance.now();
    end();
    // By then all edits that Slack takes in a minute are made, but for those that are left to requests.
    await slack.waitFor(() => stage.roots().filter(({ color }) => color === GREEN).length >= DEPLOYMENTS - 5, {
      timeoutMs: 90_000,
    });
    const changeMs = await scaledWeb(3);
    await slack.waitFor(() => stage.roots().every(({ color }) => color === GREEN), {
      timeoutMs: 90_000,
      what: () => `all green; there are ${stage.roots().filter(({ color }) => color !== GREEN).length} others`,
    });
    await slack.waitFor(() => stage.summaries()[0]?.text.includes('The storm is over'), { timeoutMs: 10_000 });
    const tookS = (performance.now() - began) / 1000;
    const edits = slack.calls('chat.update').length;
    const { peakMiB, seconds } = stage.cost();
    console.log(`storm: all green after ${tookS.toFixed(0)} s; a change meanwhile ${changeMs.toFixed(0)} ms`);
    console.log(
      `storm: ${edits} edits, ${slack.calls('chat.postMessage').length} posts, ${stage.limited().length} refused by Slack; peak ${peakMiB} MiB, ${seconds.toFixed(1)} s of processor time`,
    );
    expect(changeMs).toBeLessThan(10_000);
    expect(stage.roots()).toHaveLength(DEPLOYMENTS);
    // A request's steps come faster than one a second; nothing about incidents does.
    expect(stage.limited().filter((entry) => partOf(entry))).toEqual([]);
    expect(stage.limited().filter(({ name }) => name === 'chat.update')).toEqual([]);
    expect(edits).toBeLessThanOrEqual(2 * DEPLOYMENTS);
    expect(peakMiB).toBeLessThan(200);
    expect(slack.violations.filter(({ error }) => error !== 'ratelimited')).toEqual([]);
    expect(stage.opsbot.log.filter(({ level = 0 }) => level >= 50)).toEqual([]);
  }, 120_000);
});

describe('400 pods of one Deployment that fail at once', () => {
  let stage: StormStage;
  beforeAll(async () => {
    stage = await raiseStorm({ deployments: 1, podsPerDeployment: 400, nodes: 10, namespaces: 1 });
  }, 60_000);
  afterAll(async () => {
    expect(await stage.stop()).toBe(0);
  });

  it('are one message that says 400', async () => {
    const { slack } = stage;
    const end = await storm(stage.cluster, { of: [{ kind: 'Deployment', namespace: 'team-0', name: 'app-0' }] });
    const what = () => `a message that says 400; there is: ${stage.roots().map(({ text }) => text)}`;
    await slack.waitFor(() => stage.roots()[0]?.text.includes('CrashLoopBackOff, 400 pods'), { what });
    end();
    await slack.waitFor(() => stage.roots()[0]?.color === GREEN, { timeoutMs: 20_000 });
    expect(stage.roots()).toHaveLength(1);
    expect(stage.roots()[0]?.text).toContain('400 pods kept crashing');
    expect(stage.summaries()).toEqual([]);
  }, 40_000);
});
