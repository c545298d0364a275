import { describe, expect, it } from 'vitest';
import { chain } from '../../src/requests/audit.ts';
import type { Request } from '../../src/requests/request.ts';
import type { Evidence, Said } from './evidence.ts';
import { changeFor, honestRecord } from './honest-record.ts';
import type { Deed } from './ledger.ts';
import { faultsOf } from './verdict.ts';

/** A lie, and what is said about it. */
type Lie = [name: string, tell: (record: Evidence) => void, caught: string];

const requestIn = (record: Evidence, at: number) => record.requests[at] as Request;
const messageIn = (record: Evidence, request: string, part: string) =>
  record.messages.find((message) => message.request === request && message.part === part) as Said;
const change = <T>(all: T[], at: number, what: Partial<T>) => all.splice(at, 1, { ...(all[at] as T), ...what });
const without = (record: Evidence, part: string) => {
  record.messages = record.messages.filter((message) => message.part !== part);
};
const deedIn = (record: Evidence, does: Deed['does']) => record.deeds.findIndex((deed) => deed.does === does);

const LIES: Lie[] = [
  ['a change is made twice', (r) => r.changes.push(changeFor(requestIn(r, 0))), 'was changed 2 times for r-s00'],
  ['a change is not made', (r) => r.changes.splice(0), 'was changed 0 times for r-s00'],
  ['what was cancelled is done', (r) => r.changes.push(changeFor(requestIn(r, 1))), 'was changed 1 times for r-s01'],
  ['somebody else changes it', (r) => change(r.changes, 0, { body: {} }), 'somebody changed the cluster'],
  ['an old plan is carried out', (r) => change(r.requests, 0, { revision: 2 }), 'and revision 2 is the newest'],
  [
    'what failed was done',
    (r) => change(r.requests, 0, { state: 'failed', applied: undefined }),
    'r-s00, which is failed',
  ],
  ['a request never ends', (r) => change(r.requests, 1, { state: 'pending' }), 'r-s01 is still pending'],
  ['what ended counts as open', (r) => r.open.push('r-s00'), 'counts as open'],
  ['nobody approved', (r) => change(r.requests, 0, { votes: [] }), 'r-s00 was released without an approval'],
  [
    'one approval is enough for two',
    (r) => {
      r.namespaces = { ...r.namespaces, one: 'ns-two', two: 'ns-one' };
    },
    'released with 1 approvals instead of 2',
  ],
  [
    'it finishes twice',
    (r) => change(r.requests, 0, { steps: [...requestIn(r, 0).steps, ...requestIn(r, 0).steps.slice(-1)] }),
    'finished twice',
  ],
  ['an acked question is lost', (r) => r.deeds.push({ ...(r.deeds[0] as Deed), tag: 's09.1' }), 's09.1 was acked'],
  ['a question is taken twice', (r) => r.requests.push({ ...requestIn(r, 1), id: 'r-twin' }), '2 requests came of it'],
  [
    'an acked read is lost',
    (r) => r.deeds.push({ ...(r.deeds.at(-1) as Deed), user: 'U9' }),
    'U9 was acked for 1 reads',
  ],
  ['a read is taken twice', (r) => r.requests.push({ ...requestIn(r, 2), id: 'r-twin' }), 'asked 1 times to read'],
  ['nobody asked', (r) => r.deeds.splice(deedIn(r, 'ask'), 1), 'nobody asked for r-s00'],
  ['an acked vote is lost', (r) => change(r.deeds, deedIn(r, 'approve'), { user: 'U9' }), 'U9 did approve'],
  [
    'an acked word is lost, and others are told something elsewhere',
    (r) => {
      const event = { type: 'app_mention', channel: 'C1', ts: '150.0', user: 'U9', thread: '100.0' } as const;
      change(r.deeds, deedIn(r, 'approve'), { user: 'U9', event });
      r.messages.push({ ...messageIn(r, 'r-s01', 'card-1'), part: undefined, thread: '200.0', ts: '999.0' });
    },
    'U9 did approve',
  ],
  ['an acked cancel is lost', (r) => change(r.deeds, deedIn(r, 'cancel'), { user: 'U9' }), 'U9 did cancel'],
  [
    'a vote that was taken back counts',
    (r) => change(r.deeds, deedIn(r, 'approve'), { does: 'take back' }),
    'take back',
  ],
  ['a card is left behind', (r) => Object.assign(messageIn(r, 'r-s00', 'card-1'), { blocks: [] }), 'card-1 shows'],
  ['a card is gone', (r) => without(r, 'card-1'), 'card-1 is not there'],
  [
    'a card is posted twice',
    (r) => r.messages.push({ ...messageIn(r, 'r-s00', 'card-1'), ts: '999.0' }),
    'posted twice',
  ],
  ['a step is untold', (r) => without(r, 'step-4'), 'its thread says'],
  ['steps are out of order', (r) => r.messages.reverse(), 'its thread says'],
  [
    'a notice stays',
    (r) => r.messages.push({ ...messageIn(r, 'r-s00', 'card-1'), part: 'notice', ts: '99.0' }),
    'still says that it is being looked at',
  ],
  ['a read is not answered', (r) => without(r, 'answer'), 'what was read is not answered'],
  ['a request is shown nowhere', (r) => delete r.surfaces['r-s01'], 'r-s01: it is shown nowhere'],
  [
    'somebody is told twice',
    (r) => {
      const said = { to: 'UVOTER', text: 'This request is done already.', at: 0 };
      r.whispers = [said, said];
    },
    'UVOTER was told 2 times',
  ],
  [
    'Home is old',
    (r) => {
      r.homes = { shown: 'yesterday', fresh: 'today' };
    },
    'Home shows\nyesterday',
  ],
  [
    'an entry of the audit log is edited',
    (r) => change(r.audit.entries, 2, { entry: '{"event":"voted"}' }),
    'chain is broken',
  ],
  ['an entry is removed', (r) => r.audit.entries.splice(3, 1), 'chain is broken'],
  ['the end of the log is cut off', (r) => r.audit.entries.splice(-1, 1), 'head of the audit log'],
  [
    'the log tells another story, in a chain that holds',
    (r) => {
      const { entries } = r.audit;
      const last = JSON.parse(entries.at(-1)?.entry ?? '{}');
      const other = { ...last, actor: { user: 'U9' } };
      entries.splice(-1, 1, chain(entries.at(-2)?.hash ?? '', other));
      r.audit.head = entries.at(-1)?.hash ?? null;
    },
    'is audited as',
  ],
  ['a lock is left over', (r) => r.leftOver.push('lock uid-web'), 'left over: lock uid-web'],
  [
    'Slack refuses a call',
    (r) =>
      r.violations.push({
        at: 0,
        kind: 'rejected-call',
        name: 'chat.update',
        error: 'invalid_blocks',
        reasons: [],
        args: {},
      }),
    'Slack refused chat.update: invalid_blocks',
  ],
  [
    'everybody is paged',
    (r) => {
      r.broadcasts = 1;
    },
    'paged a whole channel',
  ],
  ['a process gives up', (r) => r.endedByThemselves.push('hub-1 ended (1)'), 'hub-1 ended (1)'],
];

describe('the verdict on a run', () => {
  it('has nothing to say about an honest record', () => {
    expect(faultsOf(honestRecord())).toEqual([]);
  });

  it.each(LIES)('catches that %s', (_, tell, caught) => {
    const record = honestRecord();
    tell(record);
    expect(faultsOf(record).join('\n')).toContain(caught);
  });

  it('forgives that a reaction came to nothing which was taken back before it arrived', () => {
    const record = honestRecord();
    const late = { ...(record.deeds[deedIn(record, 'approve')] as Deed), user: 'ULATE' };
    record.deeds.push(late);
    expect(faultsOf(record).join()).toContain('ULATE did approve');
    record.deeds.push({ ...late, does: 'take back', from: late.from + 1 });
    expect(faultsOf(record)).toEqual([]);
  });

  it('forgives what nobody can help: a word that came too late, or of which somebody was told', () => {
    const record = honestRecord();
    const late = { ...(record.deeds[deedIn(record, 'approve')] as Deed), user: 'ULATE' };
    const refused = { ...late, user: 'UREFUSED' };
    record.deeds.push({ ...late, until: late.until + 3_600_000 }, refused, { ...late, user: 'UUNHEARD', acked: false });
    record.whispers = [{ to: 'UREFUSED', text: 'You cannot approve this.', at: refused.from + 1 }];
    expect(faultsOf(record)).toEqual([]);
  });
});
