import type { Plan } from '../../src/actions/action.ts';
import { actions } from '../../src/actions/index.ts';
import { auditEntry, chain, GENESIS } from '../../src/requests/audit.ts';
import { planDigest } from '../../src/requests/digest.ts';
import type { Event, Request, Requirement } from '../../src/requests/request.ts';
import { type NewRequest, receive, transition } from '../../src/requests/transition.ts';
import { headlines } from '../../views/headline.ts';
import { requestCard } from '../../views/request.ts';
import { stepLine } from '../../views/steps.ts';
import type { Block } from '../support/slack/types.ts';
import type { Evidence, Said } from './evidence.ts';
import type { Deed } from './ledger.ts';

const T0 = Date.UTC(2026, 10, 3, 3, 0, 0);
const SECOND = 1_000;

const plan: Plan = {
  action: 'scale',
  input: { workload: { kind: 'Deployment', namespace: 'ns-one', name: 'web' }, replicas: 5 },
  target: { kind: 'Deployment', namespace: 'ns-one', name: 'web', uid: 'uid-web' },
  patch: { spec: { replicas: 5 } },
  preconditions: [{ field: 'replicas', equals: 2 }],
  diff: [{ field: 'Replicas', before: '2', after: '5' }],
  warnings: [],
};
const readPlan: Plan = {
  ...plan,
  action: 'pods',
  input: { namespace: 'ns-one' },
  patch: null,
  preconditions: [],
  diff: [],
};

const asked = (name: string, change: Partial<NewRequest> = {}): NewRequest => ({
  id: `r-${name}`,
  cluster: 'default',
  action: 'scale',
  effect: 'change',
  input: plan.input,
  reason: `${name}.1`,
  requester: `U${name.toUpperCase()}`,
  origin: { channel: 'C1', thread: undefined, gesture: 'command' },
  undoOf: undefined,
  ...change,
});

const approval: Requirement = {
  mode: 'approve',
  rule: 'rule 4',
  approvals: 1,
  approvers: [],
  expiresMs: 60_000,
  reasonRequired: false,
};
const agent = 'agent' as const;
const hub = 'opsbot' as const;
const planned = (of: Plan): Event => ({ type: 'planned', by: agent, plan: of, digest: planDigest('default', of, 1) });

const APPROVED: Event[] = [
  planned(plan),
  { type: 'decided', by: hub, requirement: approval },
  { type: 'voted', by: { user: 'UVOTER' }, revision: 1, gesture: 'button', enough: true },
  { type: 'released', by: hub, validUntil: T0 + 120 * SECOND },
  { type: 'applied', by: agent, generation: 2 },
  { type: 'finished', by: agent, outcome: { result: 'succeeded', text: '5 of 5 pods ready.' } },
];
const CANCELLED: Event[] = [
  planned(plan),
  { type: 'decided', by: hub, requirement: approval },
  { type: 'cancelled', by: { user: 'US01' }, reason: '' },
];
const READ: Event[] = [
  planned(readPlan),
  { type: 'decided', by: hub, requirement: { mode: 'allow', rule: 'rule 1' } },
  { type: 'released', by: hub, validUntil: T0 + 120 * SECOND },
  { type: 'finished', by: agent, outcome: { result: 'succeeded', text: 'Pods of ns-one' } },
];

type Entries = Evidence['audit']['entries'];

/** The request after the events, one a second; each is written down in the audit log. */
function live(begin: NewRequest, events: readonly Event[], log: Entries): Request {
  const write = (before: Request | undefined, after: Request, event: Event, at: number) => {
    const entry = auditEntry({ before, after, event }, at);
    if (entry) log.push(chain(log.at(-1)?.hash ?? GENESIS, entry));
  };
  let request = receive(begin, T0);
  write(undefined, request, { type: 'asked', by: { user: begin.requester } }, T0);
  for (const [index, event] of events.entries()) {
    const at = T0 + (index + 1) * SECOND;
    const next = transition(request, event, at);
    if (next.refused !== undefined) throw new Error(next.refused);
    write(request, next.request, event, at);
    request = next.request;
  }
  return request;
}

/** What the channel shows of a change that is over. */
function shownIn(request: Request, ts: number): Said[] {
  const headline = headlines(actions)(request);
  const undoable = request.state === 'succeeded';
  const card = requestCard({ request, headline, now: T0, clusterShown: false, undoable });
  const of = { channel: 'C1', request: request.id };
  const steps = request.steps.flatMap((step, index) => {
    const text = stepLine({ request, step });
    return text === undefined
      ? []
      : [{ ...of, thread: `${ts}.0`, ts: `${ts}.${index}`, text, blocks: [], part: `step-${index}` }];
  });
  const blocks = (card.blocks as Block[]).map((block, index) => ({ ...block, block_id: `b${index}` }));
  return [{ ...of, thread: undefined, ts: `${ts}.0`, text: card.text, blocks, part: 'card-1' }, ...steps];
}

function deed(story: string, request: Request, does: Deed['does'], change: Partial<Deed> = {}): Deed {
  const about =
    does === 'ask' ? { tag: `${story}.1`, reads: request.effect === 'read' } : { request: request.id, revision: 1 };
  return {
    story,
    user: request.requester,
    does,
    by: 'button',
    ...about,
    from: T0,
    until: T0 + 100,
    acked: true,
    ...change,
  };
}

/** A run in which nothing went wrong: one change that was made, one that was cancelled, and one read. */
export function honestRecord(): Evidence {
  const entries: Entries = [];
  const done = live(asked('s00'), APPROVED, entries);
  const cancelled = live(asked('s01'), CANCELLED, entries);
  const read = live(
    asked('s02', { action: 'pods', effect: 'read', input: readPlan.input, reason: undefined }),
    READ,
    entries,
  );
  const surfaceOf = (request: Request, ts: string | undefined) => ({
    channel: 'C1',
    thread: ts,
    cards: ts === undefined ? [] : [{ revision: 1, ts, shown: 'digest' }],
    told: request.steps.length,
    gone: undefined,
    answered: request.effect === 'read',
    fileId: undefined,
  });
  return {
    deeds: [
      deed('s00', done, 'ask'),
      deed('s00', done, 'approve', { user: 'UVOTER' }),
      deed('s01', cancelled, 'ask'),
      deed('s01', cancelled, 'cancel'),
      deed('s02', read, 'ask'),
    ],
    requests: [done, cancelled, read],
    surfaces: {
      [done.id]: surfaceOf(done, '100.0'),
      [cancelled.id]: surfaceOf(cancelled, '200.0'),
      [read.id]: surfaceOf(read, undefined),
    },
    namespaces: { one: 'ns-one', two: 'ns-two', confirm: 'ns-confirm', brief: 'ns-brief' },
    changes: [changeFor(done)],
    messages: [
      ...shownIn(done, 100),
      ...shownIn(cancelled, 200),
      { channel: 'C1', thread: '300.0', ts: '301.0', text: 'web-1', blocks: [], request: read.id, part: 'answer' },
    ],
    whispers: [],
    heard: { [done.requester]: 1, UVOTER: 1, [cancelled.requester]: 2, [read.requester]: 1 },
    homes: { shown: 'all is well', fresh: 'all is well' },
    audit: { entries, head: entries.at(-1)?.hash ?? null },
    leftOver: [],
    open: [],
    violations: [],
    broadcasts: 0,
    endedByThemselves: [],
    jump: undefined,
  };
}

export function changeFor({ id, revision }: Request): Evidence['changes'][number] {
  const body = { metadata: { annotations: { 'opsbot.dev/request': `${id}.${revision}` } }, spec: { replicas: 5 } };
  return { user: 'opsbot', verb: 'patch', subresource: undefined, body, status: 200 };
}
