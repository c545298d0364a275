import { expect, it } from 'vitest';
import type { Request } from '../../src/requests/request.ts';
import { kitOfFile, startSlackKit } from './slack-kit.ts';

const kit = await kitOfFile({ channels: { requests: 'COPS' } });

const newest = async () => (await kit.store.loadAll(await kit.store.recentIds(1)))[0] as Request;
const show = ({ id }: Pick<Request, 'id'>) => kit.app.notifier.show(id);
const card = ({ id }: Pick<Request, 'id'>) =>
  kit.bob.sees('ops').find(({ text, buttons }) => text.includes(id) && buttons.includes('Approve'));

/** What the requester reads of it in their direct messages. */
const copies = (id: string) => kit.alice.directMessages().filter(({ text }) => text.includes(id));

it('lets whoever asked in a direct message follow their request there, in one message without buttons', async () => {
  const said = await kit.alice.dm('scale deployment nginx 5');
  await kit.settled();
  const request = await newest();
  expect(copies(request.id)).toMatchObject([{ thread: said.ts, buttons: [] }]);
  expect(copies(request.id)[0]?.text).toMatch(/Waiting for approval.*COPS/s);
  await kit.bob.clicks('Approve', { on: card(request) as never });
  await kit.settled();
  await kit.report(request.id, { type: 'applied', generation: 2 });
  await kit.report(request.id, { type: 'finished', outcome: { result: 'succeeded', text: 'All 5 pods run.' } });
  expect(copies(request.id)).toHaveLength(1);
  expect(copies(request.id)[0]?.text).toMatch(/Done.*All 5 pods run/s);
});

it('is posted once although Slack’s answer is lost, and left alone once it is deleted', async () => {
  kit.slack.fault({
    kind: 'lose-answer',
    method: 'chat.postMessage',
    match: ({ metadata }) => JSON.stringify(metadata ?? '').includes('copy'),
  });
  await kit.alice.dm('restart deployment nginx');
  await kit.settled();
  const request = await newest();
  expect(kit.problems.splice(0)).toHaveLength(1);
  await show(request);
  await show(request);
  const [copy, ...more] = copies(request.id);
  expect(more).toEqual([]);
  const { messages } = kit.slack.state.channels.get(copy?.channel ?? '') ?? {};
  messages?.delete(copy?.ts ?? '');
  await kit.alice.slash('/opsbot', `cancel ${request.id}`, 'ops');
  await kit.settled();
  await show(request);
  expect(copies(request.id)).toEqual([]);
  expect(kit.slack.takeViolations()).toMatchObject([{ error: 'message_not_found' }]);
});

it('follows what was asked on Home, too, and nothing that was asked where it is shown', async () => {
  await kit.opensHome(kit.alice);
  await kit.alice.clicks('Restart a workload', { on: 'home' });
  await kit.alice.chooses('Namespace', 'default');
  await kit.alice.chooses('Workload', 'nginx');
  expect(await kit.alice.submits()).toMatchObject({ closed: true });
  await kit.settled();
  expect(copies((await newest()).id)).toHaveLength(1);
  await kit.alice.mentions('ops', 'restart deployment nginx');
  await kit.settled();
  expect(copies((await newest()).id)).toEqual([]);
});

it('has why a plan could not be made; the channel does not', async () => {
  const slow = await startSlackKit({ channels: { requests: 'COPS' }, silentAgent: true });
  const said = await slow.alice.dm('scale deployment nginx 5');
  const [id = ''] = await slow.store.recentIds(1);
  const before = slow.bob.sees('ops').length;
  await slow.report(id, { type: 'plan-failed', error: { kind: 'not-found', message: 'There is no nginx.' } });
  expect(slow.alice.thread(said).at(-1)?.text).toContain('There is no nginx.');
  expect(slow.bob.sees('ops')).toHaveLength(before);
  await slow.stop();
});
