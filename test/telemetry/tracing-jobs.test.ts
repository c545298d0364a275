import type { JobsOptions } from 'bullmq';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createDispatcher } from '../../jobs/dispatcher.ts';
import { originOf, withOrigin } from '../../jobs/job-origin.ts';
import type { Queues } from '../../jobs/queues.ts';
import type { Request, Vote } from '../../src/requests/request.ts';
import type { Store } from '../../src/requests/store.ts';
import { spans, type UnderWay } from '../../src/telemetry/work.ts';
import { plan, sampleRequest, T0 } from '../requests/sample.ts';

const spanOf = (digit: string) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
const [ASKED, VOTED, NOW] = [spanOf('a'), spanOf('b'), spanOf('c')];

const underWay = (): UnderWay => ({ traceparent: NOW, isFollowed: false });
const arrived = (options: JobsOptions) => originOf({ opts: JSON.parse(JSON.stringify(options)) });

test('a job is part of what is under way; what is put off is not, and goes back to it', () => {
  const span = underWay();
  expect(spans.run(span, () => arrived(withOrigin({ jobId: '1' })))).toEqual({ cause: NOW, links: [] });
  expect(span.isFollowed).toBe(true);
  expect(spans.run(underWay(), () => arrived(withOrigin({ delay: 1 })))).toEqual({ links: [NOW] });
});

test('nothing is added where nothing is traced', () => {
  expect(withOrigin({ jobId: '1' })).toEqual({ jobId: '1' });
});

test.each(['', 'no JSON', '[]', '{"cause":1}', '{"links":"x"}', `{"cause":"${'x'.repeat(101)}"}`])(
  'a job that says %j about where it comes from comes from nowhere',
  (metadata) => expect(originOf({ opts: { telemetry: { metadata } } })).toEqual({}),
);

/** Where the order comes from that a request's intent becomes. */
async function ordered(kind: 'plan' | 'execute', request: Request, span?: UnderWay) {
  const added: JobsOptions[] = [];
  const add = async (_name: string, _order: unknown, options: JobsOptions) => void added.push(options);
  const store = { load: async () => request, settleIntent: async () => undefined };
  const dispatcher = createDispatcher({
    store: store as unknown as Store,
    queues: { agent: () => ({ add }) } as unknown as Queues,
    logger: pino({ level: 'silent' }),
    now: () => T0,
  });
  const intent = { id: 'i', kind, request: request.id, cluster: 'test', notBefore: T0, at: T0 };
  await spans.run(span, () => dispatcher.dispatch([intent]));
  return arrived(added[0] ?? expect.fail('no order'));
}

const vote: Vote = { user: 'UBOB', verdict: 'approve', revision: 1, gesture: 'button', at: T0, trace: VOTED };
const order = { attempt: 1, at: T0, validUntil: T0, version: 4 };
const executing = sampleRequest({ state: 'executing', plan, order, trace: ASKED });

test('a plan is part of what led to it, which a sweep knows from the request', async () => {
  const received = sampleRequest({ trace: ASKED });
  expect(await ordered('plan', received, underWay())).toMatchObject({ cause: NOW });
  expect(await ordered('plan', received)).toMatchObject({ cause: ASKED });
  expect(await ordered('plan', sampleRequest())).toEqual({});
});

test('what nobody voted on is part of what was asked for; else it begins anew and goes back to both', async () => {
  expect(await ordered('execute', executing, underWay())).toMatchObject({ cause: NOW });
  const votedOn = await ordered('execute', { ...executing, votes: [vote] }, underWay());
  expect(votedOn).toEqual({ links: [ASKED, VOTED] });
  const { trace, ...old } = vote;
  expect(await ordered('execute', { ...executing, votes: [vote, old] })).toEqual({ links: [ASKED, VOTED] });
});
