import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/requests/request.ts';
import { kitOfFile } from './slack-kit.ts';

const kit = await kitOfFile({ channels: { requests: 'COPS' } });

const newest = async () => (await kit.store.loadAll(await kit.store.recentIds(1)))[0] as Request;
const count = async () => (await kit.store.recentIds(1000)).length;
const reading = { headline: 'Logs of nginx', body: 'line one\nline two', filename: 'nginx.log' };

describe('a mention', () => {
  it('asks once although it arrives as two events', async () => {
    const before = await count();
    const said = await kit.alice.mentions('ops', 'restart deployment once');
    await kit.settled();
    expect(said.delivered).toHaveLength(2);
    expect(await count()).toBe(before + 1);
    expect((await newest()).origin).toEqual({ channel: 'COPS', thread: said.ts, gesture: 'command' });
  });

  it('is not repeated by an edit', async () => {
    const said = await kit.alice.mentions('ops', 'restart deployment edited');
    await kit.settled();
    const before = await count();
    await kit.alice.edits(said, '<@UOPSBOT> restart deployment other-one');
    await kit.settled();
    expect(await count()).toBe(before);
  });

  it('answers a read in the thread, with nothing of the cluster taken for a mention', async () => {
    const said = await kit.alice.mentions('ops', 'logs nginx-7d9f8-aaaaa');
    await kit.settled();
    const { id } = await newest();
    await kit.report(id, { type: 'read', reading: { ...reading, body: 'hello <!here> `ls` <@UBOB>' } });
    const [, answer, ...others] = kit.bob.thread(said);
    expect(answer?.text).toContain('hello <!here>');
    expect(others).toEqual([]);
    expect(kit.slack.broadcasts).toEqual([]);
  });

  it('uploads what does not fit', async () => {
    const said = await kit.alice.mentions('ops', 'logs nginx-7d9f8-aaaaa');
    await kit.settled();
    const body = Array.from({ length: 2000 }, (_, line) => `line ${line} of the log`).join('\n');
    await kit.report((await newest()).id, { type: 'read', reading: { ...reading, body } });
    const thread = kit.bob.thread(said);
    const files = thread.flatMap(({ raw }) => (raw as { files?: { name: string }[] }).files ?? []);
    expect(files.map(({ name }) => name)).toEqual(['nginx.log']);
    expect(thread[1]?.text).toContain('line 1999');
  });

  it('answers a wrong command with the nearest right one', async () => {
    const said = await kit.alice.mentions('ops', 'scael deployment nginx 5');
    const answer = await kit.alice.waitsFor((m) => m.thread === said.ts && m.by === 'UOPSBOT');
    expect(answer.text).toContain('scale deployment nginx 5');
  });

  it('says in the thread why the plan could not be made', async () => {
    const said = await kit.alice.mentions('ops', 'restart missing');
    await kit.settled();
    const thread = kit.bob.thread(said).slice(1);
    expect(thread).toHaveLength(1);
    expect(thread[0]?.text).toMatch(/no workload called missing.*Did you mean nginx/s);
  });

  it.each([
    ['help', 'scale'],
    ['help logs', '--previous'],
    ['pending', 'r-'],
    ['history 3', 'r-'],
  ])('“%s” is answered in the thread', async (line, wanted) => {
    const said = await kit.alice.mentions('ops', line);
    const answer = await kit.alice.waitsFor((m) => m.thread === said.ts && m.by === 'UOPSBOT');
    expect(answer.text).toContain(wanted);
    expect(answer.buttons.filter((label) => label !== 'Older')).toEqual([]);
  });

  it('by a guest or a stranger is refused with the reason, and nothing is asked', async () => {
    const before = await count();
    await kit.greta.mentions('ops', 'restart deployment nginx');
    await kit.slack.person('stella').mentions('shared', 'restart deployment nginx');
    await kit.greta.waitsFor((m) => m.ephemeral && m.text.includes('Guests'));
    await kit.slack.person('stella').waitsFor((m) => m.ephemeral && m.text.includes('another workspace'));
    expect(await count()).toBe(before);
  });
});

describe('a vote by a guest', () => {
  it('is refused with the reason, without the ids of what is open elsewhere', async () => {
    await kit.alice.mentions('ops', 'restart deployment web-elsewhere');
    await kit.settled();
    const said = await kit.greta.mentions('ops', 'approve');
    const told = await kit.greta.waitsFor(
      (m) => m.by === 'UOPSBOT' && (m.ephemeral || m.thread === said.ts) && m.ts > said.ts,
    );
    expect(told.text).toContain('Guests');
    expect(told.text).not.toMatch(/\br-\w/);
  });
});

describe('messages that do not concern opsbot', () => {
  it('cause no call to Slack and leave no trace in the log', async () => {
    await kit.settled();
    const calls = kit.slack.journal.filter(({ kind }) => kind === 'api').length;
    const lines = kit.log.length;
    const said = await kit.bob.says('ops', 'the secret of the coffee machine is 4711');
    await kit.bob.says('ops', 'approve', { thread: said });
    expect(kit.slack.journal.filter(({ kind }) => kind === 'api').length).toBe(calls);
    expect(kit.log.slice(lines)).toEqual([]);
  });
});

describe('a direct message', () => {
  it('is answered in its thread', async () => {
    const said = await kit.alice.dm('pods default');
    await kit.settled();
    await kit.report((await newest()).id, { type: 'read', reading: { ...reading, headline: 'Pods in default' } });
    const answer = kit.alice.directMessages().at(-1);
    expect(answer?.thread).toBe(said.ts);
    expect(answer?.text).toContain('Pods in default');
  });

  it('posts a change where others can approve it, and says where', async () => {
    const said = await kit.alice.dm('restart deployment private');
    const told = await kit.alice.waitsFor((m) => m.thread === said.ts && m.by === 'UOPSBOT');
    expect(told.text).toContain('COPS');
    await kit.settled();
    expect((await newest()).origin).toMatchObject({ channel: 'COPS' });
    expect(kit.bob.sees('ops').some(({ text, buttons }) => text.includes('private') && buttons.length > 0)).toBe(true);
  });
});

describe('/opsbot', () => {
  it('posts a change in the channel', async () => {
    const said = await kit.alice.slash('/opsbot', 'restart deployment slashed', 'ops');
    expect(said).toMatchObject({ acked: true });
    const card = await kit.bob.waitsFor((m) => m.text.includes('slashed') && m.buttons.includes('Approve'));
    expect(card.thread).toBeUndefined();
    await kit.settled();
  });

  it('answers a read to its writer alone', async () => {
    await kit.alice.slash('/opsbot', 'logs nginx-7d9f8-aaaaa', 'ops');
    await kit.settled();
    await kit.report((await newest()).id, { type: 'read', reading: { ...reading, body: 'for alice' } });
    expect(kit.alice.sees('ops').at(-1)).toMatchObject({ ephemeral: true, text: expect.stringContaining('for alice') });
    expect(kit.bob.sees('ops').some(({ text }) => text.includes('for alice'))).toBe(false);
  });

  it('sends a long answer as a file in a direct message', async () => {
    await kit.alice.slash('/opsbot', 'logs nginx-7d9f8-aaaaa', 'ops');
    await kit.settled();
    await kit.report((await newest()).id, { type: 'read', reading: { ...reading, body: 'very long\n'.repeat(3000) } });
    expect(kit.alice.sees('ops').at(-1)).toMatchObject({ ephemeral: true });
    expect(JSON.stringify(kit.alice.directMessages().at(-1)?.raw)).toContain('nginx.log');
  });

  it('says how to invite opsbot where it is not', async () => {
    const before = await count();
    await kit.alice.slash('/opsbot', 'restart deployment nginx', 'random');
    const told = await kit.alice.waitsFor((m) => m.ephemeral && m.text.includes('/invite'));
    expect(told.channel).toBe('CNOBOT');
    expect(await count()).toBe(before);
  });

  it('answers a read in a direct message where opsbot is not', async () => {
    await kit.alice.slash('/opsbot', 'pods default', 'random');
    await kit.settled();
    expect((await newest()).origin.channel).toMatch(/^D/);
    expect(kit.alice.sees('random').at(-1)?.text).toContain('direct message');
  });

  it('approves, rejects and cancels by id', async () => {
    const { alice, bob } = kit;
    const ask = async (name: string) => {
      await alice.mentions('ops', `restart deployment ${name}`);
      await kit.settled();
      return newest();
    };
    const state = async ({ id }: Request) => (await kit.store.load(id))?.state;
    const [one, two, three] = [await ask('one'), await ask('two'), await ask('three')];
    await alice.slash('/opsbot', `approve ${one.id}`, 'ops');
    expect(await state(one)).toBe('pending');
    expect(alice.sees('ops').at(-1)?.text).toContain('somebody else');
    await bob.slash('/opsbot', `approve ${one.id}`, 'ops');
    await bob.slash('/opsbot', `reject ${two.id} not today`, 'ops');
    await alice.slash('/opsbot', `cancel ${three.id}`, 'ops');
    await kit.settled();
    expect(await Promise.all([one, two, three].map(state))).toEqual(['executing', 'rejected', 'cancelled']);
  });

  it('says that a request is gone', async () => {
    await kit.bob.slash('/opsbot', 'approve r-999', 'ops');
    expect(kit.bob.sees('ops').at(-1)?.text).toContain('no request r-999');
  });

  it('lists what is waiting where no id is given', async () => {
    await kit.alice.mentions('ops', 'restart deployment waiting');
    await kit.settled();
    await kit.bob.slash('/opsbot', 'approve', 'ops');
    expect(kit.bob.sees('ops').at(-1)?.text).toContain(`approve ${(await newest()).id}`);
  });
});
