import { expect, it } from 'vitest';
import type { Request } from '../../src/requests/request.ts';
import type { Json } from '../support/slack/types.ts';
import { planFor } from './demo.ts';
import { kitOfFile, startSlackKit } from './slack-kit.ts';

const kit = await kitOfFile({ channels: { requests: 'COPS' } });

type Kit = typeof kit;

const newest = async ({ store }: Kit) => (await store.loadAll(await store.recentIds(1)))[0] as Request;
const partOf = ({ metadata }: Json, part: string) => JSON.stringify(metadata ?? '').includes(part);

/** Slack posts the part, its answer is lost, and nothing more can be shown until the faults are cleared. */
function loseAnswerTo({ slack }: Kit, part: string): void {
  slack.fault({ kind: 'lose-answer', method: 'chat.postMessage', match: (args) => partOf(args, part) });
  for (const method of ['conversations.history', 'conversations.replies']) {
    slack.fault({ kind: 'error500', method, times: Number.POSITIVE_INFINITY });
  }
}

async function slackIsBack(kit: Kit, { id }: Request): Promise<void> {
  kit.slack.clearFaults();
  kit.problems.length = 0;
  await kit.app.notifier.show(id);
  await kit.settled();
}

it('a plan whose post was lost has no buttons any more once another one has taken its place', async () => {
  loseAnswerTo(kit, 'card-1');
  const said = await kit.alice.mentions('ops', 'scale deployment nginx 5');
  await kit.settled();
  const request = await newest(kit);
  await kit.bob.slash('/opsbot', `approve ${request.id}`, 'ops');
  await kit.settled();
  await kit.report(request.id, { type: 'drifted', reason: 'somebody set 4 replicas' });
  await kit.settled();
  expect(await newest(kit)).toMatchObject({ revision: 2, state: 'pending' });
  await slackIsBack(kit, request);
  const thread = kit.bob.thread(said);
  const cards = thread.filter(({ raw }) => /card-\d/.test(JSON.stringify(raw)));
  expect(cards.map(({ text }) => /Replaced|Waiting for approval/.exec(text)?.[0])).toEqual([
    'Replaced',
    'Waiting for approval',
  ]);
  expect(cards[0]?.buttons).toEqual([]);
});

it('a requester’s copy whose post was lost is the one that follows the request', async () => {
  kit.slack.fault({ kind: 'lose-answer', method: 'chat.postMessage', match: (args) => partOf(args, 'copy') });
  await kit.alice.dm('scale deployment api 5');
  await kit.settled();
  const request = await newest(kit);
  expect(kit.problems.splice(0)).toHaveLength(1);
  await kit.bob.slash('/opsbot', `reject ${request.id} not today`, 'ops');
  await kit.settled();
  const copies = kit.alice.directMessages().filter(({ text }) => text.includes(request.id));
  expect(copies.map(({ text }) => /Waiting|Rejected/.exec(text)?.[0])).toEqual(['Rejected']);
});

it('is found by a hub whose clock is minutes ahead of Slack’s', async () => {
  const ahead = await startSlackKit({ channels: { requests: 'COPS' } });
  try {
    ahead.clock.offset = 4 * 60_000;
    for (const part of ['card-1', 'step-3']) {
      ahead.slack.fault({ kind: 'lose-answer', method: 'chat.postMessage', match: (args) => partOf(args, part) });
    }
    const said = await ahead.alice.mentions('ops', 'scale deployment nginx 5');
    await ahead.settled();
    const request = await newest(ahead);
    await slackIsBack(ahead, request);
    await ahead.bob.slash('/opsbot', `reject ${request.id} not today`, 'ops');
    await ahead.settled();
    await slackIsBack(ahead, request);
    const texts = ahead.bob.thread(said).map(({ raw }) => /(card|step)-\d/.exec(JSON.stringify(raw))?.[0]);
    expect(texts).toEqual([undefined, 'card-1', 'step-3']);
  } finally {
    await ahead.stop();
  }
});

it('a notice whose post was lost goes when the plan comes', async () => {
  const slow = await startSlackKit({ silentAgent: true, channels: { requests: 'COPS' } });
  try {
    const said = await slow.alice.mentions('ops', 'scale deployment nginx 5');
    const request = await newest(slow);
    slow.clock.offset = 2_000;
    slow.slack.fault({ kind: 'lose-answer', method: 'chat.postMessage' });
    await slow.app.notifier.show(request.id).catch(() => undefined);
    expect(slow.bob.thread(said)).toHaveLength(2);
    await slow.hub.report(planFor(request));
    await slow.settled();
    expect(slow.bob.thread(said)).toHaveLength(2);
  } finally {
    await slow.stop();
  }
});

it('a notice for one person alone is told once at most, and again where Slack asked to wait', async () => {
  const slow = await startSlackKit({ silentAgent: true });
  try {
    await slow.alice.slash('/opsbot', 'pods default', 'ops');
    const request = await newest(slow);
    slow.clock.offset = 2_000;
    const show = async () => {
      await slow.forgetLimits();
      await slow.app.notifier.show(request.id).catch(() => undefined);
    };
    const notices = () => slow.alice.sees('ops').filter(({ ephemeral }) => ephemeral).length;
    slow.slack.fault({ kind: 'ratelimited', retryAfter: 1, method: 'chat.postEphemeral' });
    await show();
    expect(notices()).toBe(0);
    slow.slack.fault({ kind: 'lose-answer', method: 'chat.postEphemeral' });
    await show();
    await show();
    expect(notices()).toBe(1);
  } finally {
    await slow.stop();
  }
});

it('a plan whose post was lost before its channel was is found once opsbot is back there', async () => {
  const channel = kit.slack.addChannel('CLOSING', 'closing', ['UALICE', 'UBOB', 'UOPSBOT']);
  kit.slack.fault({ kind: 'lose-answer', method: 'chat.postMessage' });
  const said = await kit.alice.mentions('closing', 'scale deployment web 5');
  await kit.settled();
  const request = await newest(kit);
  channel.members.delete('UOPSBOT');
  await kit.app.notifier.show(request.id);
  expect(kit.alice.directMessages().at(-1)?.text).toContain('cannot post');
  channel.members.add('UOPSBOT');
  kit.clock.offset += 6 * 60_000;
  await slackIsBack(kit, request);
  expect(kit.bob.thread(said)).toHaveLength(2);
  expect(kit.slack.takeViolations()).not.toEqual([]);
});
