import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSlackKit } from './slack-kit.ts';

describe.each(['socket', 'http'] as const)('a change is asked for, approved and followed over %s', (transport) => {
  let kit: Awaited<ReturnType<typeof startSlackKit>>;
  beforeAll(async () => {
    kit = await startSlackKit({ transport, channels: { requests: 'COPS' } });
  });
  afterAll(() => kit.stop());
  afterEach(() => {
    expect(kit.problems).toEqual([]);
    expect(kit.slack.violations).toEqual([]);
  });

  it('tells the whole story in the thread of the mention', async () => {
    const { alice, bob } = kit;
    const said = await alice.mentions('ops', 'scale deployment nginx 5');
    const card = await bob.waitsFor((m) => m.buttons.includes('Approve'), { in: 'ops' });
    expect(card.thread).toBe(said.ts);
    expect(card.text).toContain('nginx');
    expect(card.text).toMatch(/Replicas.*3.*5/s);

    await bob.clicks('Approve', { on: card });
    await kit.settled();
    const [request] = await kit.store.loadAll(await kit.store.recentIds(1));
    expect(request?.state).toBe('executing');
    const id = request?.id ?? '';
    await kit.report(id, { type: 'applied', generation: 2 });
    await kit.report(id, { type: 'progressed', progress: { text: '3 of 5 pods updated', done: 3, total: 5 } });
    expect(bob.thread(said).find(({ ts }) => ts === card.ts)?.text).toContain('3 of 5 pods updated');
    await kit.report(id, { type: 'finished', outcome: { result: 'succeeded', text: 'All 5 pods run.' } });
    const thread = bob.thread(said);
    const lines = thread.slice(2).map(({ text }) => text);
    expect(lines.at(-1)).toContain('All 5 pods run.');
    expect(thread.flatMap(({ buttons }) => buttons)).toEqual(['Undo']);
  });
});
