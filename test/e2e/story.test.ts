import { beforeAll, describe, expect, it } from 'vitest';
import { deployment } from '../support/cluster/manifests.ts';
import { describeCluster } from '../support/clusters.ts';
import { type Asked, asks, whisperTo } from './asking.ts';
import { useStage } from './stage.ts';

/** The whole story, by the front door: asked, approved by somebody else, done once, and taken back. */
describeCluster('a change from the question to its outcome', (kit) => {
  describe.each(['socket', 'http'] as const)('over %s', (transport) => {
    const stage = useStage(kit, { transport });
    let namespace: string;
    let asked: Asked;
    const nginx = () => ({ kind: 'Deployment', namespace, name: 'nginx' });
    const replicas = async () => (await kit.get(nginx()))?.spec.replicas;
    beforeAll(async () => {
      namespace = await kit.namespace();
      await kit.apply(deployment('nginx', { namespace, replicas: 3 }));
      await kit.rolledOut(nginx());
    });

    it('shows what would change, to be approved by somebody else', async () => {
      asked = await asks(stage, `scale deployment nginx 5 -n ${namespace} --reason "launch at noon"`);
      const { text, buttons } = asked.card;
      expect(text).toContain('Waiting for approval');
      expect(text).toContain(`Scale deployment nginx in ${namespace} to 5 replicas`);
      expect(text).toMatch(/Replicas.*3.*→.*5/);
      expect(text).toContain('Asked by @alice');
      expect(text).toContain('launch at noon');
      expect(text).toContain('Needs 1 approval from somebody in this channel other than @alice');
      expect(text).toMatch(/Expires/);
      expect(buttons).toEqual(['Approve', 'Reject', 'Cancel']);
      expect(await kit.changesOf(nginx())).toEqual([]);
    });

    it('tells the requester why they cannot approve it themselves', async () => {
      const told = await whisperTo(stage, stage.alice, () => stage.alice.clicks('Approve', { on: asked.card }));
      expect(told.thread).toBe(asked.said.ts);
      expect(told.text).toContain('somebody else has to approve it');
      expect(asked.now().buttons).toContain('Approve');
      expect(await replicas()).toBe(3);
    });

    it('is carried out once another person approves, and shows how far it is', async () => {
      kit.unschedulable(nginx(), '0/3 nodes are available: 3 Insufficient cpu.');
      await stage.bob.clicks('Approve', { on: asked.card });
      const running = await asked.shows('3 of 5 pods ready');
      expect(running.text).toContain('Running');
      expect(running.buttons).toEqual([]);
      kit.recover(nginx());
      const done = await asked.shows('Done');
      expect(done.text).toContain('5 of 5 pods ready');
      expect(done.buttons).toEqual(['Undo']);
    });

    it('tells each step in the thread', async () => {
      await stage.slack.waitFor(() => asked.lines().at(-1)?.includes('Done.'));
      const told = asked.lines().filter((line) => !line.includes('somebody else has to'));
      expect(told).toEqual([
        ':+1: @bob approved. That is enough.',
        ':gear: Started.',
        ':gear: The cluster has taken the change. Watching the pods.',
        ':white_check_mark: Done. 5 of 5 pods ready.',
      ]);
    });

    it('has changed the cluster exactly once, with the request’s mark on it', async () => {
      expect(await kit.changesOf(nginx())).toHaveLength(1);
      const { metadata, spec } = (await kit.get(nginx())) ?? expect.fail('nginx is gone');
      expect(spec.replicas).toBe(5);
      const mark = metadata.annotations?.['opsbot.dev/request'] ?? '';
      expect(asked.now().text).toContain(mark.split('.')[0]);
    });

    it('is taken back by Undo, which is a request of its own', async () => {
      await stage.carol.clicks('Undo', { on: asked.now() });
      const card = await stage.bob.waitsFor(
        (m) => m.thread === asked.said.ts && m.buttons.includes('Approve') && m.ts !== asked.card.ts,
      );
      expect(card.text).toMatch(/Replicas.*5.*→.*3/);
      expect(card.text).toContain('Asked by @carol');
      expect(await replicas()).toBe(5);
      await stage.alice.clicks('Approve', { on: card });
      await stage.slack.waitFor(
        () => stage.bob.thread(asked.said).some((m) => m.ts === card.ts && m.text.includes('Done')),
        {
          timeoutMs: 20_000,
        },
      );
      expect(await replicas()).toBe(3);
      expect(await kit.changesOf(nginx())).toHaveLength(2);
    });
  });
});
