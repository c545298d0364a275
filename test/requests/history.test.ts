import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/requests/audit.ts';
import { auditEntry } from '../../src/requests/audit.ts';
import type { LoggedEntry } from '../../src/requests/audit-log.ts';
import { canonicalJson } from '../../src/requests/digest.ts';
import { createHistory } from '../../src/requests/history.ts';
import type { HistoryFilter } from '../../src/requests/history-filter.ts';
import type { HistoryRow, RequestRow } from '../../src/requests/history-rows.ts';
import type { Event, Request } from '../../src/requests/request.ts';
import { receive, transition } from '../../src/requests/transition.ts';
import { asked, plan, T0 } from './sample.ts';

const MINUTE = 60_000;
const by = 'opsbot' as const;
const requirement = {
  mode: 'approve',
  rule: 'r',
  approvals: 1,
  approvers: [],
  expiresMs: MINUTE,
  reasonRequired: false,
} as const;

const planned: Event = { type: 'planned', by: 'agent', plan, digest: 'd' };
const decided: Event = { type: 'decided', by, requirement: { ...requirement, approvers: [] } };
const voted = (user: string, revision = 1): Event => ({
  type: 'voted',
  by: { user },
  revision,
  gesture: 'button',
  enough: true,
});
const released: Event = { type: 'released', by, validUntil: 0 };
const rejected: Event = { type: 'rejected', by: { user: 'UBOB' }, reason: 'too late', revision: 1, gesture: 'typed' };

/** Stories that a request may have, each with the state that it leads to. */
const STORIES = {
  received: [],
  invalid: [{ type: 'plan-failed', by: 'agent', error: { kind: 'not-found', message: 'There is no ngnix.' } }],
  pending: [planned, decided],
  rejected: [planned, decided, rejected],
  cancelled: [{ type: 'cancelled', by: { user: 'UALICE' }, reason: '' }],
  succeeded: [
    planned,
    decided,
    voted('UBOB'),
    released,
    { type: 'applied', by: 'agent', generation: 2 },
    { type: 'finished', by: 'agent', outcome: { result: 'succeeded', text: 'All pods are ready.' } },
  ],
  failed: [
    planned,
    decided,
    voted('UCAROL'),
    { type: 'drifted', by, reason: 'somebody else scaled it' },
    { type: 'replanning', by },
    planned,
    decided,
    voted('UBOB', 2),
    released,
    { type: 'finished', by: 'agent', outcome: { result: 'failed', reason: 'X', text: 'No image.' } },
  ],
  replanned: [
    planned,
    decided,
    voted('UCAROL'),
    { type: 'drifted', by, reason: 'somebody deleted it' },
    { type: 'replanning', by },
    { type: 'plan-failed', by: 'agent', error: { kind: 'not-found', message: 'There is no nginx.' } },
  ],
} as const satisfies Record<string, readonly Event[]>;
type Story = keyof typeof STORIES;

/** The log that these stories leave, interleaved as `turns` says; and the requests as they are then. */
function lived(stories: readonly Story[], turns: readonly number[] = []) {
  const entries: AuditEntry[] = [];
  const requests = new Map<string, Request>();
  const queues = stories.map((story, index) => ({ id: `r-${index}`, events: [undefined, ...STORIES[story]] }));
  let at = T0;
  const step = ({ id, events }: (typeof queues)[number]): void => {
    const event = events.shift();
    const before = requests.get(id);
    at += 1000;
    const next = event && before ? transition(before, event, at) : { request: receive({ ...asked, id }, at) };
    if ('refused' in next && next.refused !== undefined) throw new Error(next.refused);
    const after = next.request;
    requests.set(id, after);
    const entry = auditEntry({ before, after, event: event ?? { type: 'asked', by: { user: asked.requester } } }, at);
    if (entry) entries.push(entry);
  };
  for (const turn of turns) {
    const waiting = queues.filter(({ events }) => events.length > 0);
    const next = waiting[turn % Math.max(1, waiting.length)];
    if (next) step(next);
  }
  for (const queue of queues) while (queue.events.length > 0) step(queue);
  return { entries, requests };
}

function logOf(texts: readonly (AuditEntry | string)[]): LoggedEntry[] {
  return texts.map((entry, index) => ({
    id: `${T0 + index * 1000}-0`,
    hash: '',
    entry: typeof entry === 'string' ? entry : canonicalJson(entry),
  }));
}

interface Kept {
  log: readonly LoggedEntry[];
  requests?: ReadonlyMap<string, Request>;
  reach?: number;
  batch?: number;
}

/** History over a log that is kept in an array. */
function historyOf({ log, requests = new Map(), reach, batch }: Kept) {
  const newestFirst = log.toReversed();
  return createHistory({
    log: {
      async before(id, count) {
        const from = id === undefined ? 0 : newestFirst.findIndex((one) => one.id === id) + 1;
        return newestFirst.slice(from, from + count);
      },
    },
    store: {
      openIds: async () => [...requests.keys()],
      loadAll: async (ids) => ids.flatMap((id) => requests.get(id) ?? []),
    },
    ...(reach !== undefined && { reach }),
    ...(batch !== undefined && { batch }),
  });
}

/** All pages, one after the other. */
async function pages(kept: Kept, count: number, filter: HistoryFilter = {}): Promise<HistoryRow[][]> {
  const history = historyOf(kept);
  const read: HistoryRow[][] = [];
  let before: string | undefined;
  do {
    const page = await history.page({ filter, before, count });
    read.push(page.rows);
    before = page.older;
  } while (before !== undefined);
  return read;
}

const all = async (stories: Story[], filter: HistoryFilter = {}) => {
  const { entries, requests } = lived(stories);
  const rows = (await pages({ log: logOf(entries), requests }, 100, filter)).flat() as RequestRow[];
  return rows;
};
const ids = (rows: readonly HistoryRow[]) => rows.map((row) => (row.kind === 'request' ? row.id : row.event));

describe('a row', () => {
  test('says how a request ended, who asked and why, and whose approval counted', async () => {
    const [row] = await all(['succeeded']);
    expect(row).toMatchObject({
      ...{ id: 'r-0', state: 'succeeded', action: 'scale', requester: 'UALICE', approvers: ['UBOB'] },
      target: { kind: 'Deployment', namespace: 'default', name: 'nginx' },
      diff: plan.diff,
      why: undefined,
    });
  });

  test('counts no votes for an earlier plan', async () => {
    const [row] = await all(['failed']);
    expect(row).toMatchObject({ state: 'failed', approvers: ['UBOB'], why: 'No image.' });
    expect((await all(['replanned']))[0]).toMatchObject({ state: 'invalid', approvers: [] });
  });

  test.each([
    ['rejected', { endedBy: 'UBOB', why: 'too late' }],
    ['cancelled', { endedBy: 'UALICE' }],
    ['invalid', { endedBy: undefined, why: 'There is no ngnix.', target: undefined }],
  ] as const)('of a request that was %s says who did it and why', async (story, expected) => {
    expect((await all([story]))[0]).toMatchObject({ state: story, ...expected });
  });

  test('of an open request says how it stands now, at the time it was asked', async () => {
    const rows = await all(['pending', 'succeeded', 'received']);
    expect(rows.map(({ id, state }) => [id, state])).toEqual([
      ['r-2', 'received'],
      ['r-1', 'succeeded'],
      ['r-0', 'pending'],
    ]);
    expect(rows[2]?.when).toBe(T0 + 1000);
  });

  test('is there for what was decided about an incident, and not for what retention removed', async () => {
    const owner = { kind: 'Deployment', namespace: 'prod', name: 'web' };
    const log = logOf([
      { at: T0, event: 'audit-trimmed', actor: 'opsbot', entries: 3, head: '', keepMs: 1 },
      {
        at: T0,
        event: 'workload-silenced',
        actor: { user: 'UBOB' },
        cluster: 'test',
        owner,
        incident: 'i-1',
        until: T0,
      },
    ]);
    const { rows, unreadable } = await historyOf({ log }).page({ filter: {}, count: 10 });
    expect(rows).toEqual([
      {
        ...{ kind: 'incident', at: log[1]?.id, when: T0, user: 'UBOB' },
        ...{ event: 'workload-silenced', cluster: 'test', owner, incident: 'i-1', until: T0 },
      },
    ]);
    expect(unreadable).toBe(0);
  });
});

describe('a filter', () => {
  const some: Story[] = ['succeeded', 'pending', 'failed', 'invalid', 'rejected', 'cancelled'];
  test.each<[HistoryFilter, string[]]>([
    [{ outcome: 'open' }, ['r-1']],
    [{ outcome: 'failed' }, ['r-3', 'r-2']],
    [{ outcome: 'done' }, ['r-0']],
    [{ outcome: 'rejected' }, ['r-4']],
    [{ about: 'changes', name: 'nginx', outcome: 'cancelled' }, ['r-5']],
    [{ about: 'logs' }, []],
    [{ about: 'incidents' }, []],
    [{ by: 'UBOB' }, []],
    [{ namespace: 'prod' }, []],
    [{ kind: 'StatefulSet' }, []],
    [{ kind: 'Deployment', namespace: 'default', name: 'nginx', by: 'UALICE', outcome: 'done' }, ['r-0']],
  ])('%j', async (filter, wanted) => {
    expect(ids(await all(some, filter))).toEqual(wanted);
  });

  test('takes a workload’s pods for its own', async () => {
    const entry = (name: string) => {
      const target = { kind: 'Pod', namespace: 'prod', name, uid: undefined } as const;
      const [first] = lived(['succeeded']).entries.slice(-1);
      return { ...first, request: `r-${name}`, action: 'logs', target } as AuditEntry;
    };
    const log = logOf([entry('api-7d9-x'), entry('apiary-1')]);
    const found = async (filter: HistoryFilter) => ids((await pages({ log }, 10, filter)).flat());
    expect(await found({ name: 'api' })).toEqual(['r-api-7d9-x']);
    expect(await found({ kind: 'Deployment', name: 'api' })).toEqual(['r-api-7d9-x']);
    expect(await found({ kind: 'Pod', name: 'api' })).toEqual([]);
  });

  test('by time shows nothing that was over before, and completes what was not', async () => {
    const { entries } = lived(['succeeded', 'succeeded']);
    const log = logOf(entries);
    const since = T0 + (entries.length - 1) * 1000;
    const rows = (await pages({ log }, 10, { since })).flat() as RequestRow[];
    expect(rows.map(({ id, approvers }) => [id, approvers])).toEqual([['r-1', ['UBOB']]]);
  });
});

describe('paging', () => {
  const stories = fc.array(fc.constantFrom(...(Object.keys(STORIES) as Story[])), { maxLength: 14 });
  const turns = fc.array(fc.nat(20), { maxLength: 60 });

  test('shows each request once, and the same whatever the size of page and batch', async () => {
    await fc.assert(
      fc.asyncProperty(
        stories,
        turns,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 9 }),
        async (s, t, count, batch) => {
          const { entries, requests } = lived(s, t);
          const log = logOf(entries);
          const whole = (await pages({ log, requests }, 1000)).flat();
          const paged = await pages({ log, requests, batch }, count);
          expect(paged.flat()).toEqual(whole);
          expect(paged.every((rows) => rows.length === count || rows === paged.at(-1))).toBe(true);
          expect(ids(whole).toSorted()).toEqual([...requests.keys()].toSorted());
          for (const row of whole as RequestRow[]) expect(row.state).toBe(requests.get(row.id)?.state);
        },
      ),
    );
  });

  test('goes on where the reach of one page ended, and says how far it looked', async () => {
    const { entries, requests } = lived(['invalid', ...Array.from({ length: 20 }, () => 'succeeded' as const)]);
    const log = logOf(entries);
    const history = historyOf({ log, requests, reach: 25, batch: 10 });
    const first = await history.page({ filter: { outcome: 'failed' }, count: 5 });
    expect(first).toMatchObject({ rows: [], older: log.at(-25)?.id, lookedBackTo: T0 + (log.length - 25) * 1000 });
    const found = await pages({ log, requests, reach: 25, batch: 10 }, 5, { outcome: 'failed' });
    expect(ids(found.flat())).toEqual(['r-0']);
    expect(found.length).toBe(Math.ceil((log.length + 1) / 25));
  });
});

describe('a log that somebody wrote to', () => {
  test('is told as far as it can be read', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ event: fc.string(), request: fc.anything(), to: fc.anything(), votes: fc.anything() })
        .map((one) => JSON.stringify(one) ?? ''),
    );
    const { entries, requests } = lived(['succeeded', 'pending']);
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 10 }), fc.nat(20), async (broken, at) => {
        const texts = [...entries.slice(0, at), ...broken, ...entries.slice(at)];
        const { rows, unreadable } = await historyOf({ log: logOf(texts), requests }).page({ filter: {}, count: 10 });
        expect(ids(rows).toSorted()).toEqual(['r-0', 'r-1']);
        expect(unreadable).toBe(broken.length);
      }),
    );
  });

  test('in which the beginnings are missing is told by the ends', async () => {
    const { entries } = lived(['succeeded', 'invalid']);
    const log = logOf(entries.filter(({ event }) => event !== 'asked'));
    expect(ids((await pages({ log }, 1)).flat())).toEqual(['r-1', 'r-0']);
    // Nobody can say any more what the second was about.
    expect(ids((await pages({ log }, 1, { name: 'nginx' })).flat())).toEqual(['r-0']);
  });
});
