import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Event,
  isTerminal,
  type Request,
  type Requirement,
  STATES,
  type State,
} from '../../src/requests/request.ts';
import { transition } from '../../src/requests/transition.ts';
import { plan, sampleRequest, T0 } from './sample.ts';

const requirement: Requirement = {
  mode: 'approve',
  rule: 'default',
  approvals: 1,
  approvers: [],
  expiresMs: 60_000,
  reasonRequired: false,
};
const bob = { user: 'UBOB' };
const done = { result: 'succeeded', text: 'done' } as const;

/** One event of each type, as it would come. */
const EVENTS: { [T in Event['type']]: Extract<Event, { type: T }> } = {
  asked: { type: 'asked', by: bob },
  planned: { type: 'planned', by: 'agent', plan, digest: 'd' },
  'plan-failed': { type: 'plan-failed', by: 'agent', error: { kind: 'not-found', message: 'no' } },
  decided: { type: 'decided', by: 'opsbot', requirement },
  voted: { type: 'voted', by: bob, revision: 1, gesture: 'button', enough: true },
  withdrawn: { type: 'withdrawn', by: bob, revision: 1, enough: false },
  rejected: { type: 'rejected', by: bob, reason: '', revision: 1, gesture: 'button' },
  cancelled: { type: 'cancelled', by: bob, reason: '' },
  expired: { type: 'expired', by: 'opsbot' },
  reopened: { type: 'reopened', by: 'opsbot', reason: '', requirement, votes: [] },
  denied: { type: 'denied', by: 'opsbot', requirement, reason: '' },
  waiting: { type: 'waiting', by: 'opsbot', for: 'other' },
  released: { type: 'released', by: 'opsbot', validUntil: T0 + 60_000 },
  resumed: { type: 'resumed', by: 'opsbot', validUntil: T0 + 60_000 },
  drifted: { type: 'drifted', by: 'agent', reason: '' },
  replanning: { type: 'replanning', by: 'opsbot' },
  applied: { type: 'applied', by: 'agent', generation: 2 },
  progressed: { type: 'progressed', by: 'agent', progress: { text: '', done: 1, total: 2 } },
  finished: { type: 'finished', by: 'agent', outcome: done },
  lost: { type: 'lost', by: 'agent', reason: '' },
  hindered: { type: 'hindered', by: 'opsbot', reason: 'No agent has taken this up yet.' },
  settled: { type: 'settled', by: bob, outcome: done },
};

/** The whole diagram: state → event → next state. Everything else is refused. */
const DIAGRAM: Record<State, Partial<Record<Event['type'], State>>> = {
  received: {
    planned: 'proposed',
    'plan-failed': 'invalid',
    cancelled: 'cancelled',
    expired: 'expired',
    hindered: 'received',
  },
  proposed: { decided: 'pending' },
  pending: {
    voted: 'approved',
    rejected: 'rejected',
    cancelled: 'cancelled',
    expired: 'expired',
    drifted: 'stale',
    withdrawn: 'pending',
  },
  approved: {
    withdrawn: 'pending',
    reopened: 'pending',
    denied: 'denied',
    cancelled: 'cancelled',
    expired: 'expired',
    drifted: 'stale',
    waiting: 'approved',
    hindered: 'approved',
    released: 'executing',
  },
  executing: {
    resumed: 'executing',
    applied: 'executing',
    progressed: 'executing',
    finished: 'succeeded',
    lost: 'unknown',
    drifted: 'stale',
    hindered: 'executing',
  },
  unknown: { settled: 'succeeded', applied: 'executing', finished: 'succeeded', drifted: 'stale' },
  stale: { replanning: 'received' },
  invalid: {},
  denied: {},
  rejected: {},
  expired: {},
  cancelled: {},
  succeeded: {},
  failed: {},
};

const vote = { user: 'UBOB', verdict: 'approve', revision: 1, gesture: 'button', at: T0 } as const;
const inState = (state: State, event: Event['type']): Request =>
  sampleRequest({ state, plan, digest: 'd', requirement, votes: event === 'withdrawn' ? [vote] : [] });

describe('transition', () => {
  for (const state of STATES) {
    for (const type of Object.keys(EVENTS) as Event['type'][]) {
      const next = DIAGRAM[state][type];
      it(`${state} ${next ? `goes to ${next} on` : 'refuses'} ${type}`, () => {
        const before = inState(state, type);
        const after = transition(before, EVENTS[type], T0);
        expect(after.refused === undefined ? after.request.state : 'refused').toBe(next ?? 'refused');
        if (after.refused === undefined) expect(after.request.version).toBe(before.version + 1);
        else expect(after.refused).toMatch(/\.$/);
      });
    }
  }

  it('goes where policy says', () => {
    const proposed = sampleRequest({ state: 'proposed', plan });
    const states = [
      { mode: 'allow', rule: 'r' } as const,
      { mode: 'deny', rule: 'r', reason: 'no' } as const,
      { mode: 'confirm', rule: 'r', expiresMs: 1, reasonRequired: false } as const,
    ].map((r) => {
      const t = transition(proposed, { type: 'decided', by: 'opsbot', requirement: r }, T0);
      return t.refused ?? t.request.state;
    });
    expect(states).toEqual(['approved', 'denied', 'pending']);
  });

  it('refuses votes on another revision, late votes and second votes', () => {
    const pending = sampleRequest({ state: 'pending', plan, requirement, expiresAt: T0 + 10 });
    const at = (request: Request, event: Event, now: number) => transition(request, event, now).refused;
    expect(at(pending, { ...EVENTS.voted, revision: 2 }, T0)).toContain('revision 1');
    expect(at(pending, EVENTS.voted, T0 + 10)).toContain('expired');
    expect(at({ ...pending, votes: [vote] }, EVENTS.voted, T0)).toContain('already');
    expect(at(pending, EVENTS.withdrawn, T0)).toContain('no vote');
  });

  it('never turns stale once the change is in the cluster', () => {
    const applied = sampleRequest({ state: 'executing', plan, applied: { generation: 2, at: T0 } });
    expect(transition(applied, EVENTS.drifted, T0).refused).toBeDefined();
  });

  it('believes no agent about what is unknown once its notes may be gone; people it does', () => {
    const unknown = sampleRequest({ state: 'unknown', plan });
    const later = (days: number) => T0 + days * 24 * 3_600_000;
    for (const event of [EVENTS.applied, EVENTS.finished, EVENTS.drifted]) {
      expect(transition(unknown, event, later(6)).refused).toBeUndefined();
      expect(transition(unknown, event, later(6) + 1).refused).toContain('has to look');
    }
    expect(transition(unknown, EVENTS.settled, later(20)).refused).toBeUndefined();
  });

  it('plans anew without votes, as the next revision', () => {
    const stale = sampleRequest({ state: 'stale', plan, digest: 'd', requirement, votes: [vote] });
    const next = transition(stale, EVENTS.replanning, T0);
    expect(next).toMatchObject({ request: { state: 'received', revision: 2, votes: [], digest: undefined } });
  });

  it('never waits without a deadline for a plan or for votes', () => {
    const events: [Request, Event][] = [
      [sampleRequest({ state: 'stale', plan, expiresAt: undefined }), EVENTS.replanning],
      [sampleRequest({ state: 'approved', plan, expiresAt: undefined }), EVENTS.reopened],
    ];
    for (const [before, event] of events) {
      const next = transition(before, event, T0);
      expect(next.refused ?? next.request.expiresAt).toBeGreaterThan(T0);
    }
    const had = sampleRequest({ state: 'approved', plan, expiresAt: T0 + 7 });
    expect(transition(had, EVENTS.reopened, T0)).toMatchObject({ request: { expiresAt: T0 + 7 } });
  });

  it('executes only after a release, releases only after approval, and ends for good (random histories)', () => {
    const types = Object.keys(EVENTS) as Event['type'][];
    const play = (sequence: Event['type'][]) => {
      let request = sampleRequest();
      const story: Event['type'][] = [];
      for (const type of sequence) {
        const event = EVENTS[type];
        const next = transition(request, aimedAt(request, event), T0 + 1);
        if (isTerminal(request.state)) expect(next.refused).toBeDefined();
        if (next.refused !== undefined) continue;
        story.push(type);
        request = next.request;
        expectReleased(request.state, story);
      }
      expect(request.version).toBe(1 + story.length);
    };
    fc.assert(fc.property(fc.array(fc.constantFrom(...types), { maxLength: 60 }), play), { numRuns: 2_000 });
  });
});

/** Everybody means the newest revision. */
function aimedAt({ revision }: Request, event: Event): Event {
  return 'revision' in event ? { ...event, revision } : event;
}

/** Since the plan that is being executed was decided about, it was voted for and released. */
function expectReleased(state: State, story: readonly Event['type'][]): void {
  if (state !== 'executing') return;
  expect(story.slice(story.lastIndexOf('decided'))).toEqual(expect.arrayContaining(['voted', 'released']));
}
