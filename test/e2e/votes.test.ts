import { beforeAll, describe, expect, it } from 'vitest';
import { deployment } from '../support/cluster/manifests.ts';
import { describeLocalCluster } from '../support/clusters.ts';
import { answered, asks, whisperTo } from './asking.ts';
import { useStage } from './stage.ts';

const WORKLOADS = 8;

describeLocalCluster('ways to decide', (kit) => {
  const stage = useStage(kit);
  let namespace: string;
  let used = 0;
  const changes = (name: string) => kit.changesOf({ kind: 'Deployment', namespace, name });
  beforeAll(async () => {
    namespace = await kit.namespace();
    for (let number = 1; number <= WORKLOADS; number += 1)
      await kit.apply(deployment(`web-${number}`, { namespace, replicas: 1 }));
  });

  /** A request of Alice's on a workload that no other test uses. */
  async function ask() {
    used += 1;
    const name = `web-${used}`;
    return { name, ...(await asks(stage, `scale ${name} 2 -n ${namespace}`)) };
  }

  describe('yes', () => {
    it.each(['approve', 'Confirm!'])('is “%s”, typed in the thread', async (word) => {
      const { said, name, shows } = await ask();
      await stage.bob.says('ops', word, { thread: said });
      await shows('Done');
      expect(await changes(name)).toHaveLength(1);
    });

    it('is ✅ on the request’s message', async () => {
      const { card, name, shows } = await ask();
      await stage.bob.reacts('white_check_mark', card);
      await shows('Done');
      expect(await changes(name)).toHaveLength(1);
    });

    it('is not ✅ by whoever asked, who is told so; nor their typed word', async () => {
      const { said, card, name, now } = await ask();
      const own = () => stage.alice.reacts('white_check_mark', card);
      expect((await whisperTo(stage, stage.alice, own)).text).toContain('somebody else has to approve it');
      const typed = () => stage.alice.says('ops', 'approve', { thread: said });
      expect((await whisperTo(stage, stage.alice, typed)).text).toContain('somebody else has to approve it');
      expect(now().text).toContain('Waiting for approval');
      expect(await changes(name)).toEqual([]);
    });
  });

  describe('no', () => {
    it('is “reject” and why, typed in the thread', async () => {
      const { said, name, shows, lines } = await ask();
      await stage.bob.says('ops', 'reject not during the sale', { thread: said });
      const rejected = await shows('Rejected');
      expect(rejected.text).toContain('By @bob: not during the sale');
      expect(rejected.buttons).toEqual([]);
      await stage.slack.waitFor(() => lines().at(-1)?.includes('@bob rejected this: not during the sale'));
      expect(await changes(name)).toEqual([]);
    });

    it('is ❌ on the request’s message', async () => {
      const { card, name, shows } = await ask();
      await stage.bob.reacts('x', card);
      expect((await shows('Rejected')).buttons).toEqual([]);
      expect(await changes(name)).toEqual([]);
    });

    it('is the button, with the reason; a click that comes later is told so', async () => {
      const { card, shows } = await ask();
      const late = stage.carol.finds('Approve', { on: card });
      await stage.bob.clicks('Reject', { on: card });
      await stage.bob.fills('Reason', 'wrong cluster');
      await stage.bob.submits();
      expect((await shows('Rejected')).text).toContain('By @bob: wrong cluster');
      const told = await whisperTo(stage, stage.carol, () => late.click());
      expect(told.text).toMatch(/rejected/);
    });

    it('is Cancel by whoever asked', async () => {
      const { card, name, shows } = await ask();
      const told = await whisperTo(stage, stage.carol, () => stage.carol.clicks('Cancel', { on: card }));
      expect(told.text).toContain('Only the person who asked for it can cancel it. You can reject it.');
      await stage.alice.clicks('Cancel', { on: card });
      expect((await shows('Cancelled')).buttons).toEqual([]);
      expect(await changes(name)).toEqual([]);
    });
  });

  it('are listed by `help`, and what happened by `pending` and `history`', async () => {
    const help = await answered(stage, 'help');
    expect(help.text).toContain('approve');
    expect(help.text).toContain('logs');
    expect((await answered(stage, 'help scale')).text).toContain('scale deployment nginx 3');
    const pending = await answered(stage, 'pending');
    expect(pending.text).toContain(`Scale deployment web-4 in ${namespace} to 2 replicas`);
    expect(pending.text).toContain(', alice, ');
    expect(pending.text).not.toContain('web-5');
    const { text } = await answered(stage, 'history 10');
    expect(text.match(/web-\d/g)).toEqual(['web-8', 'web-7', 'web-6', 'web-5', 'web-4', 'web-3', 'web-2', 'web-1']);
    expect(text.match(/^alice/gm)).toHaveLength(8);
    expect(text).toMatch(/Cancelled[\s\S]*Rejected[\s\S]*Done/);
  });
});
