import { beforeAll, expect, it } from 'vitest';
import { deployment } from '../support/cluster/manifests.ts';
import { describeLocalCluster } from '../support/clusters.ts';
import type { Pressable } from '../support/slack/people/pressing.ts';
import { type Asked, asks, cardIn, whisperTo } from './asking.ts';
import { useStage } from './stage.ts';

describeLocalCluster('a request that nobody decides about in time', (kit) => {
  const stage = useStage(kit);
  let namespace: string;
  let asked: Asked;
  let approve: Pressable;
  const nginx = () => ({ kind: 'Deployment', namespace, name: 'nginx' });
  beforeAll(async () => {
    namespace = await kit.namespace();
    await kit.apply(deployment('nginx', { namespace, replicas: 1 }));
    await kit.rolledOut(nginx());
    asked = await asks(stage, `scale nginx 2 -n ${namespace}`);
    approve = stage.bob.finds('Approve', { on: asked.card });
    await stage.restart(new URL('two-hours-later.ts', import.meta.url));
  });

  it('expires, also while opsbot is away', async () => {
    const expired = await asked.shows('Expired');
    expect(expired.text).toContain('Nobody decided in time. Nothing was changed.');
    expect(expired.buttons).toEqual(['Ask again']);
    await stage.slack.waitFor(() => asked.lines().at(-1)?.includes('Expired: nobody decided in time.'));
  });

  it('tells so whoever clicks later, in whichever way', async () => {
    expect((await whisperTo(stage, stage.bob, () => approve.click())).text).toMatch(/expired/);
    const typed = () => stage.bob.says('ops', 'approve', { thread: asked.said });
    expect((await whisperTo(stage, stage.bob, typed)).text).toMatch(/expired/);
    const reacted = () => stage.bob.reacts('white_check_mark', asked.card);
    expect((await whisperTo(stage, stage.bob, reacted)).text).toMatch(/expired/);
    expect(await kit.changesOf(nginx())).toEqual([]);
  });

  it('can be asked for again, with a plan of now', async () => {
    await stage.alice.clicks('Ask again', { on: asked.now() });
    const again = await cardIn(stage, asked.said);
    expect(again.card.ts).not.toBe(asked.card.ts);
    await stage.bob.clicks('Approve', { on: again.card });
    await again.shows('Done');
    expect(await kit.changesOf(nginx())).toHaveLength(1);
  });
});
