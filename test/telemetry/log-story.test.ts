import { pino } from 'pino';
import { expect, test } from 'vitest';
import type { Event, Request } from '../../src/requests/request.ts';
import { transition } from '../../src/requests/transition.ts';
import { logContext } from '../../src/telemetry/log-context.ts';
import { logStory } from '../../src/telemetry/log-story.ts';
import { apart, concerning, during, regarding, spans } from '../../src/telemetry/work.ts';
import { plan, sampleRequest, T0 } from '../requests/sample.ts';

type Line = Record<string, unknown>;

function listening() {
  const lines: Line[] = [];
  const write = (text: string) => void lines.push(JSON.parse(text));
  return { lines, logger: pino({ base: null, timestamp: false, mixin: logContext }, { write }) };
}

const by = 'agent' as const;
const requirement = { mode: 'allow', rule: 'all' } as const;
const planned: Event = { type: 'planned', by, plan, digest: 'd' };
const decided: Event = { type: 'decided', by: 'opsbot', requirement };
const released: Event = { type: 'released', by: 'opsbot', validUntil: T0 + 60_000 };
const applied: Event = { type: 'applied', by, generation: 2 };

function after(events: readonly Event[]): Request {
  return events.reduce((request, event) => {
    const next = transition(request, event, T0);
    return next.refused === undefined ? next.request : expect.fail(next.refused);
  }, sampleRequest());
}

test.each<{ before: Event[]; events: Event[]; told: string[] }>([
  { before: [], events: [planned, decided], told: ['request proposed', 'request approved'] },
  { before: [planned, decided, released], events: [applied], told: ['request applied'] },
  {
    before: [planned, decided, released, applied],
    events: [{ type: 'progressed', by, progress: { text: '1 of 5', done: 1, total: 5 } }],
    told: [],
  },
  {
    before: [planned, decided, released],
    events: [
      { type: 'drifted', by, reason: 'replicas was 3' },
      { type: 'replanning', by: 'opsbot' },
    ],
    told: ['request stale', 'request received'],
  },
])('what is committed at once is told line by line: $told', ({ before, events, told }) => {
  const { lines, logger } = listening();
  logStory(logger)(after([...before, ...events]), events);
  expect(lines.map(({ msg }) => msg)).toEqual(told);
});

test('why something failed is told in a word, never in what people wrote', () => {
  const { lines, logger } = listening();
  const error = { kind: 'not-found', message: 'There is no deployment “what I typed”.' } as const;
  const outcome = { result: 'failed', reason: 'ProgressDeadlineExceeded', text: 'what I typed' } as const;
  const failed: Event = { type: 'plan-failed', by, error };
  const finished: Event = { type: 'finished', by, outcome };
  logStory(logger)(after([failed]), [failed]);
  logStory(logger)(after([planned, decided, released, finished]), [finished]);
  expect(lines).toMatchObject([
    { msg: 'request invalid', from: 'received', to: 'invalid', reason: 'not-found' },
    { msg: 'request failed', from: 'executing', to: 'failed', reason: outcome.reason, namespace: 'default' },
  ]);
  expect(JSON.stringify(lines)).not.toContain('typed');
});

test('a line is about what the work under way is about, or about what it says itself', async () => {
  const { lines, logger } = listening();
  logger.info('before');
  await during('job', { queue: 'reports' }, async () => {
    concerning({ request: 'r-1' });
    logger.info('its own');
    await regarding({ request: 'r-2' }, async () => logger.info('another’s'));
    regarding({ incident: 'i-1' }, () => logger.info('an incident’s'));
    apart(() => logger.info('nobody’s'));
    logger.info({ request: 'r-3' }, 'said');
  });
  expect(lines.map(({ msg, request, incident }) => [msg, request ?? incident])).toEqual([
    ['before', undefined],
    ['its own', 'r-1'],
    ['another’s', 'r-2'],
    ['an incident’s', 'i-1'],
    ['nobody’s', undefined],
    ['said', 'r-3'],
  ]);
});

test('a line names its span, if that is sent', () => {
  const { lines, logger } = listening();
  const [traceId, spanId] = ['a'.repeat(32), 'b'.repeat(16)];
  const within = (flags: string) =>
    spans.run({ traceparent: `00-${traceId}-${spanId}-${flags}`, isFollowed: false }, () => logger.info(flags));
  within('01');
  within('00');
  expect(lines).toEqual([
    { level: 30, trace_id: traceId, span_id: spanId, msg: '01' },
    { level: 30, msg: '00' },
  ]);
});
