import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Event, STATES, type Step } from '../../src/requests/request.ts';
import { stepLine } from '../../views/steps.ts';
import { nasty } from './nasty.ts';
import { NOW, requestOf } from './request-of.ts';
import { ALARM } from './shown.ts';

const step = (change: Partial<Step> & Pick<Step, 'event' | 'state'>): Step => ({
  at: NOW,
  actor: { user: 'U2' },
  revision: 1,
  ...change,
});
const line = (change: Partial<Step> & Pick<Step, 'event' | 'state'>) =>
  stepLine({ request: requestOf({ state: change.state }), step: step(change) });

const told: [Partial<Step> & Pick<Step, 'event' | 'state'>, string][] = [
  [{ event: 'voted', state: 'pending' }, '<@U2> approved.'],
  [{ event: 'voted', state: 'approved', detail: 'enough' }, '<@U2> approved. That is enough.'],
  [{ event: 'withdrawn', state: 'pending' }, '<@U2> took the approval back.'],
  [{ event: 'rejected', state: 'rejected', detail: 'too <late>' }, '<@U2> rejected this: too &lt;late&gt;'],
  [{ event: 'cancelled', state: 'cancelled', detail: '' }, '<@U2> cancelled this.'],
  [{ event: 'expired', state: 'expired', actor: 'opsbot' }, 'Nothing was changed'],
  [
    { event: 'hindered', state: 'executing', detail: 'the cluster does not <answer>' },
    'Held up: The cluster does not &lt;answer&gt;.',
  ],
  [{ event: 'waiting', state: 'approved', detail: 'r-1' }, '`r-1`'],
  [{ event: 'released', state: 'executing', actor: 'opsbot' }, 'Started.'],
  [{ event: 'applied', state: 'executing', actor: 'agent' }, 'taken the change'],
  [{ event: 'drifted', state: 'stale', detail: 'replicas are 4 now' }, 'Replicas are 4 now.'],
  [{ event: 'finished', state: 'succeeded', detail: '5 of 5 pods ready' }, 'Done. 5 of 5 pods ready.'],
  [{ event: 'lost', state: 'unknown', detail: 'the agent went away' }, 'not known'],
  [{ event: 'settled', state: 'failed' }, '<@U2> says: it was not done.'],
  [{ event: 'plan-failed', state: 'invalid', detail: 'no such workload' }, 'No such workload.'],
];

test.each(told)('%o is told', (change, words) => {
  expect(line(change)).toContain(words);
});

test('a failure names the cluster’s reason', () => {
  const outcome = { result: 'failed', reason: 'ImagePullBackOff', text: 'x' } as const;
  const request = requestOf({ state: 'failed', outcome });
  expect(stepLine({ request, step: step({ event: 'finished', state: 'failed', detail: 'no such image' }) })).toContain(
    'Failed: `ImagePullBackOff` No such image.',
  );
});

test.each(['asked', 'planned', 'decided', 'progressed', 'replanning'] as const)('%s is not worth a line', (event) => {
  expect(line({ event, state: 'pending' })).toBeUndefined();
});

test('the steps of a read leave the thread to its answer', () => {
  const request = requestOf({ effect: 'read' });
  expect(stepLine({ request, step: step({ event: 'released', state: 'executing' }) })).toBeUndefined();
  expect(stepLine({ request, step: step({ event: 'finished', state: 'succeeded', detail: 'x' }) })).toBeUndefined();
  expect(stepLine({ request, step: step({ event: 'finished', state: 'failed', detail: 'x' }) })).toBeUndefined();
});

const EVENTS = [
  ...['asked', 'planned', 'plan-failed', 'decided', 'voted', 'withdrawn', 'rejected', 'cancelled', 'expired'],
  ...['reopened', 'denied', 'waiting', 'released', 'resumed', 'drifted', 'replanning', 'applied', 'progressed'],
  ...['finished', 'lost', 'settled', 'hindered'],
] as Event['type'][];

test('no detail pages anybody or grows too long', () => {
  fc.assert(
    fc.property(fc.constantFrom(...EVENTS), fc.constantFrom(...STATES), nasty(5000), (event, state, detail) => {
      const request = requestOf({ state, ended: { by: 'opsbot', reason: detail } });
      const text = stepLine({ request, step: step({ event, state, detail }) }) ?? '';
      expect(text).not.toMatch(ALARM);
      expect(text.length).toBeLessThan(1500);
    }),
  );
});
