import { beforeEach, describe, expect, it } from 'vitest';
import type { Request } from '../../src/requests/request.ts';
import type { SeenMessage } from '../support/slack/people/looking.ts';
import { kitOfFile, startSlackKit } from './slack-kit.ts';

const kit = await kitOfFile({ channels: { requests: 'COPS' } });

const newest = async () => (await kit.store.loadAll(await kit.store.recentIds(1)))[0] as Request;
const now = async (request: Request) => (await kit.store.load(request.id)) as Request;

let workloads = 0;
/** Alice's request and its message; each on a workload of its own, as a workload has one change at a time. */
async function ask(text = `scale deployment web-${++workloads} 5`) {
  const said = await kit.alice.mentions('ops', text);
  const card = await kit.bob.waitsFor((m) => m.thread === said.ts && m.buttons.includes('Approve'), { in: 'ops' });
  await kit.settled();
  return { said, card, request: await newest() };
}

const whispers = (to: typeof kit.alice, thread?: string): SeenMessage[] =>
  to.sees('ops').filter((m) => m.ephemeral && (thread === undefined || m.thread === thread));

describe('buttons', () => {
  it('refuse the requester, who is told why in the thread', async () => {
    const { alice } = kit;
    const { card, said, request } = await ask();
    expect(await alice.clicks('Approve', { on: card })).toMatchObject({ acked: true });
    const told = await alice.waitsFor((m) => m.ephemeral && m.thread === said.ts);
    expect(told.text).toContain('somebody else has to approve');
    expect(await now(request)).toMatchObject({ state: 'pending', votes: [] });
  });

  it('let the requester cancel and nobody else', async () => {
    const { alice, carol } = kit;
    const { card, said, request } = await ask();
    await carol.clicks('Cancel', { on: card });
    const told = await carol.waitsFor((m) => m.ephemeral && m.thread === said.ts);
    expect(told.text).toContain('can cancel it');
    await alice.clicks('Cancel', { on: card });
    await kit.settled();
    expect(await now(request)).toMatchObject({ state: 'cancelled' });
    expect(carol.thread(said).flatMap(({ buttons }) => buttons)).not.toContain('Approve');
  });

  it('reject with the reason that the modal asks for', async () => {
    const { bob } = kit;
    const { card, said, request } = await ask();
    await bob.clicks('Reject', { on: card });
    expect(bob.modal()).toMatchObject({ title: 'Reject', inputs: ['Reason'] });
    await bob.fills('Reason', 'not before the launch');
    await bob.submits();
    await kit.settled();
    expect(bob.modal()).toBeUndefined();
    expect(await now(request)).toMatchObject({ state: 'rejected', ended: { reason: 'not before the launch' } });
    expect(bob.thread(said).at(-1)?.text).toMatch(/not before the launch/i);
  });

  it('say in the modal why a rejection came too late', async () => {
    const { bob, carol } = kit;
    const { card } = await ask();
    await bob.clicks('Reject', { on: card });
    await carol.clicks('Approve', { on: card });
    await kit.settled();
    expect(await bob.submits()).toMatchObject({ errors: { Reason: expect.stringContaining('being executed') } });
  });

  it('turn guests away with the reason', async () => {
    const { greta } = kit;
    const { card, request } = await ask();
    await greta.clicks('Approve', { on: card });
    await greta.clicks('Reject', { on: card });
    const guests = () => whispers(greta).filter(({ text }) => text.includes('Guests'));
    await kit.slack.waitFor(() => guests().length === 2);
    expect(greta.modal()).toBeUndefined();
    expect((await now(request)).votes).toEqual([]);
  });

  it('count fifty people who click twice at the same moment once', async () => {
    const people = Array.from({ length: 50 }, (_, i) => kit.slack.addUser(`UMANY${i}`, `many${i}`));
    for (const { id } of people) kit.slack.channel('ops').members.add(id);
    const { card, request } = await ask();
    await Promise.all(people.flatMap((p) => [p.clicks('Approve', { on: card }), p.clicks('Approve', { on: card })]));
    await kit.settled();
    const after = await now(request);
    expect(after.state).toBe('executing');
    expect(after.steps.filter(({ event }) => event === 'released')).toHaveLength(1);
  });
});

describe('reactions', () => {
  it('approve the revision of their message, and are withdrawn with it', async () => {
    const two = await startSlackKit({
      rules: [
        { match: {}, decision: 'approve', approvals: 2, approvers: [], expiresMs: undefined, reason: 'optional' },
      ],
    });
    try {
      const said = await two.alice.mentions('ops', 'scale deployment nginx 5');
      const card = await two.bob.waitsFor((m) => m.thread === said.ts && m.buttons.includes('Approve'));
      const state = async () => (await two.store.loadAll(await two.store.recentIds(1)))[0] as Request;
      await two.bob.reacts('white_check_mark', card);
      await two.settled();
      expect((await state()).votes).toMatchObject([{ user: 'UBOB', gesture: 'reaction' }]);
      await two.bob.unreacts('white_check_mark', card);
      await two.settled();
      expect(await state()).toMatchObject({ state: 'pending', votes: [] });
      await two.bob.reacts('heavy_check_mark', card);
      await two.carol.reacts('white_check_mark', card);
      await two.settled();
      expect((await state()).state).toBe('executing');
      expect(two.problems).toEqual([]);
      expect(two.slack.violations).toEqual([]);
    } finally {
      await two.stop();
    }
  });

  it('count for nothing when they are taken back before they are counted', async () => {
    const counting = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const slow = await startSlackKit({
      intercept: (requests) => ({
        ...requests,
        async approve(ballot) {
          begun.resolve();
          await counting.promise;
          return requests.approve(ballot);
        },
      }),
      rules: [
        { match: {}, decision: 'approve', approvals: 2, approvers: [], expiresMs: undefined, reason: 'optional' },
      ],
    });
    try {
      const said = await slow.alice.mentions('ops', 'scale deployment nginx 5');
      const card = await slow.bob.waitsFor((m) => m.thread === said.ts && m.buttons.includes('Approve'));
      const state = async () => (await slow.store.loadAll(await slow.store.recentIds(1)))[0] as Request;
      const added = slow.bob.reacts('white_check_mark', card);
      await begun.promise;
      await slow.bob.unreacts('white_check_mark', card);
      counting.resolve();
      await added;
      await slow.settled();
      expect(await state()).toMatchObject({ state: 'pending', votes: [] });
      await slow.bob.reacts('white_check_mark', card);
      await slow.settled();
      expect((await state()).votes).toMatchObject([{ user: 'UBOB' }]);
    } finally {
      await slow.stop();
    }
  });

  it('reject with ❌, tell the requester that their own does not count, and leave other messages alone', async () => {
    const { alice, bob } = kit;
    const { card, said, request } = await ask();
    const before = whispers(alice).length;
    await alice.reacts('white_check_mark', card);
    await kit.slack.waitFor(() => whispers(alice).length > before);
    await bob.reacts('white_check_mark', said);
    await bob.reacts('tada', card);
    expect((await now(request)).state).toBe('pending');
    expect(whispers(alice).length).toBe(before + 1);
    await bob.reacts('x', card);
    await kit.settled();
    expect((await now(request)).state).toBe('rejected');
  });
});

describe('a user group that policy names', () => {
  it('may approve, and nobody else may', async () => {
    const approvers = ['@sre'];
    const rule = { match: {}, decision: 'approve' as const, approvals: 1, approvers, expiresMs: undefined };
    const strict = await startSlackKit({ rules: [{ ...rule, reason: 'optional' }] });
    try {
      const dave = strict.slack.person('dave');
      strict.slack.channel('ops').members.add(dave.id);
      const said = await strict.alice.mentions('ops', 'scale deployment nginx 5');
      await strict.settled();
      const card = strict.bob.thread(said)[1] as SeenMessage;
      await dave.clicks('Approve', { on: card });
      await dave.waitsFor((m) => m.ephemeral && m.text.includes('not among the approvers'));
      await strict.bob.clicks('Approve', { on: card });
      await strict.settled();
      const [request] = await strict.store.loadAll(await strict.store.recentIds(1));
      expect(request).toMatchObject({ state: 'executing', votes: [{ user: 'UBOB' }] });
    } finally {
      await strict.stop();
    }
  });
});

describe('undo', () => {
  it('is a new request in the thread of what it takes back', async () => {
    const { alice, bob, carol } = kit;
    const { card, said, request } = await ask();
    await bob.clicks('Approve', { on: card });
    await kit.settled();
    await kit.report(request.id, { type: 'applied', generation: 2 });
    await kit.report(request.id, { type: 'finished', outcome: { result: 'succeeded', text: 'All 5 pods run.' } });
    await Promise.all([carol.clicks('Undo', { on: card }), carol.clicks('Undo', { on: card })]);
    await kit.settled();
    const back = await newest();
    const undoing = (await kit.store.loadAll(await kit.store.recentIds(100))).filter((r) => r.undoOf === request.id);
    expect(undoing).toHaveLength(1);
    expect(back).toMatchObject({ undoOf: request.id, requester: 'UCAROL', input: { replicas: 3 } });
    const again = alice.thread(said).at(-1);
    expect(again?.buttons).toContain('Approve');
    expect(again?.text).toContain(request.id);
    await bob.clicks('Undo', { on: card });
    await bob.waitsFor((m) => m.ephemeral && m.text.includes(`Request ${back.id} takes this back already`));
  });
});

describe('what is left to do at the end', () => {
  it('is to ask again for what has expired, once for a double click', async () => {
    const { bob } = kit;
    const { card, said, request } = await ask();
    kit.clock.offset = 2 * 3_600_000;
    await bob.clicks('Approve', { on: card });
    await bob.waitsFor((m) => m.ephemeral && m.text.includes('expired'));
    await kit.settled();
    kit.clock.offset = 0;
    const shown = bob.thread(said).find(({ ts }) => ts === card.ts) as SeenMessage;
    expect(shown.buttons).toEqual(['Ask again']);
    const before = (await kit.store.recentIds(1000)).length;
    await Promise.all([bob.clicks('Ask again', { on: shown }), bob.clicks('Ask again', { on: shown })]);
    await kit.settled();
    expect((await kit.store.recentIds(1000)).length).toBe(before + 1);
    const again = bob.thread(said).findLast(({ buttons }) => buttons.includes('Cancel'));
    expect(again?.text).toContain('Asked by @bob');
    expect(again?.text).not.toContain(request.id);
  });

  it('is to say how an execution ended of which nobody knows', async () => {
    const { bob, carol } = kit;
    const { card, said, request } = await ask();
    await bob.clicks('Approve', { on: card });
    await kit.settled();
    await kit.report(request.id, { type: 'lost', reason: 'the agent was killed while it applied the change' });
    const shown = bob.thread(said).find(({ ts }) => ts === card.ts) as SeenMessage;
    expect(shown.buttons).toEqual(['It was done', 'It was not done']);
    await carol.clicks('It was not done', { on: shown });
    await kit.settled();
    expect(await now(request)).toMatchObject({ state: 'failed' });
    expect(bob.thread(said).at(-1)?.text).toContain('@carol says');
  });
});

describe('typed words', () => {
  it.each(['approve', 'Confirm!', '*approve*'])('“%s” in the thread approves', async (word) => {
    const { said, request } = await ask();
    await kit.bob.says('ops', word, { thread: said });
    await kit.settled();
    expect((await now(request)).state).toBe('executing');
  });

  it('reject with the reason', async () => {
    const { said, request } = await ask();
    await kit.bob.says('ops', 'reject too close to the release', { thread: said });
    await kit.settled();
    expect(await now(request)).toMatchObject({ state: 'rejected', ended: { reason: 'too close to the release' } });
  });

  it('are talk where they are more than the word, or not in the thread', async () => {
    const { said, request } = await ask();
    await kit.bob.says('ops', 'approve of this in general, but why now?', { thread: said });
    await kit.bob.says('ops', 'approve');
    await kit.settled();
    expect(await now(request)).toMatchObject({ state: 'pending', votes: [] });
    expect(whispers(kit.bob).filter(({ thread }) => thread === said.ts)).toEqual([]);
  });

  it('count by mention too', async () => {
    const { said, request } = await ask();
    await kit.bob.mentions('ops', 'approve', { thread: said });
    await kit.settled();
    expect((await now(request)).state).toBe('executing');
  });

  it('list the ids where two requests are pending in the thread', async () => {
    const { alice, bob } = kit;
    const { said, request: first } = await ask();
    await alice.mentions('ops', 'restart deployment other', { thread: said });
    await kit.settled();
    const second = await newest();
    await bob.says('ops', 'approve', { thread: said });
    const told = whispers(bob, said.ts).at(-1)?.text ?? '';
    expect(told).toContain(`approve ${first.id}`);
    expect(told).toContain(`approve ${second.id}`);
    expect((await now(first)).votes).toEqual([]);
    await bob.says('ops', `approve ${second.id}`, { thread: said });
    await kit.settled();
    expect((await now(second)).state).toBe('executing');
    expect((await now(first)).state).toBe('pending');
  });

  it('do not count for a plan that was posted after them', async () => {
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let isHeld = false;
    const slow = await startSlackKit({
      intercept: (requests) => ({
        ...requests,
        async inThread(channel, thread) {
          if (isHeld) await held;
          return requests.inThread(channel, thread);
        },
      }),
    });
    try {
      const said = await slow.alice.mentions('ops', 'scale deployment nginx 5');
      await slow.settled();
      const request = (await slow.store.loadAll(await slow.store.recentIds(1)))[0] as Request;
      await slow.carol.clicks('Approve', { on: slow.carol.thread(said)[1] as SeenMessage });
      await slow.settled();
      isHeld = true;
      const word = slow.bob.says('ops', 'approve', { thread: said });
      await slow.report(request.id, { type: 'drifted', reason: 'somebody set 4 replicas' });
      expect(await slow.store.load(request.id)).toMatchObject({ state: 'pending', revision: 2 });
      goOn();
      await word;
      await slow.bob.waitsFor((m) => m.ephemeral && m.text.includes('newest message'));
      expect((await slow.store.load(request.id))?.votes).toEqual([]);
      await slow.bob.says('ops', 'approve', { thread: said });
      await slow.settled();
      expect((await slow.store.load(request.id))?.state).toBe('executing');
    } finally {
      await slow.stop();
    }
  });

  it('vote on the old message no more once a new revision is there', async () => {
    const { bob } = kit;
    const { card, said, request } = await ask();
    await bob.clicks('Approve', { on: card });
    await kit.settled();
    await kit.report(request.id, { type: 'drifted', reason: 'somebody set 4 replicas' });
    await kit.settled();
    const thread = bob.thread(said);
    const old = thread.find(({ ts }) => ts === card.ts);
    expect(old?.buttons).toEqual([]);
    expect(old?.text).toContain('Replaced');
    await bob.reacts('white_check_mark', card);
    expect(await now(request)).toMatchObject({ state: 'pending', votes: [] });
    await bob.waitsFor((m) => m.ephemeral && m.text.includes('revision 2'));
    const fresh = thread.find(({ buttons }) => buttons.includes('Approve'));
    await bob.clicks('Approve', { on: fresh as SeenMessage });
    await kit.settled();
    expect((await now(request)).state).toBe('executing');
  });
});

beforeEach(() => kit.settled());
