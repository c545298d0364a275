import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Request, STATES } from '../../src/requests/request.ts';
import { decodeRequest, IDS } from '../../views/ids.ts';
import { type RequestCard, requestCard } from '../../views/request.ts';
import { textLength, validateBlocks } from '../support/slack/block-kit.ts';
import { nasty, nastyName } from './nasty.ts';
import { NOW, planOf, requestOf } from './request-of.ts';
import { ALARM, buttons, found, shown } from './shown.ts';

const card = (request: Partial<Request> = {}, more: Partial<RequestCard> = {}) =>
  requestCard({
    request: requestOf(request),
    headline: 'Scale deployment nginx in prod',
    now: NOW,
    clusterShown: false,
    ...more,
  });
const words = (request: Partial<Request> = {}, more: Partial<RequestCard> = {}) => shown(card(request, more).blocks);
const failed = {
  result: 'failed',
  reason: 'ProgressDeadlineExceeded',
  text: '2 of 5 pods never became ready',
} as const;

describe('a pending request', () => {
  test('says who wants what, where, how, why, whose word is missing and until when', () => {
    const text = words({ reason: 'Black Friday\n<!here>' }, { clusterShown: true });
    expect(text).toContain('Waiting for approval');
    expect(text).toContain('*Scale deployment nginx in prod*');
    expect(text).toContain('Asked by <@U1> on cluster `east`');
    expect(text).toContain('Replicas: `3` → `5`');
    expect(text).toContain('> Black Friday\n> &lt;!here&gt;');
    expect(text).toContain('Needs 1 approval from somebody in this channel other than <@U1>.');
    expect(text).toContain(`Expires <!date^${(NOW + 1_800_000) / 1000}^`);
  });

  test('shows the moments of a plan in the reader’s own time', () => {
    const diff = [{ field: 'Last restart', before: 'never', after: '2026-11-22T22:26:54.615Z' }];
    const text = words({ plan: planOf({ diff }) });
    expect(text).toContain(
      'Last restart: `never` → <!date^1795386414^{date_short_pretty} {time_secs}|2026-11-22 22:26 UTC>',
    );
    expect(words({ plan: planOf({ diff: [{ field: 'At', before: 'x', after: '2026-99-99T00:00:00Z' }] }) })).toContain(
      '`2026-99-99T00:00:00Z`',
    );
  });

  test('whose time is up never claims that there is some left', () => {
    expect(words({ expiresAt: NOW })).toContain('Expired <!date^');
  });

  test('tells a locked phone what is wanted first', () => {
    expect(card().text).toBe('Approve? Scale deployment nginx in prod (Replicas 3 → 5), asked by <@U1>');
  });

  test('has buttons that carry the revision which they show', () => {
    const { blocks } = card({ revision: 3 });
    expect(buttons(blocks)).toEqual(['Approve', 'Reject', 'Cancel']);
    for (const button of found(blocks, 'button')) {
      expect(decodeRequest(button.value)).toEqual({ requestId: 'r-abc', revision: 3 });
    }
  });

  test('asks once more before a plan with a warning is approved, with the change in the dialog', () => {
    const plan = planOf({
      diff: [{ field: 'Replicas', before: '3', after: '0' }],
      warnings: ['All pods of nginx will be stopped.'],
    });
    const [approve] = found(card({ plan }).blocks, 'button');
    expect(JSON.stringify(approve?.confirm)).toContain('Replicas 3 → 0');
    expect(JSON.stringify(approve?.confirm)).toContain('All pods of nginx will be stopped.');
    expect(found(card().blocks, 'button')[0]?.confirm).toBeUndefined();
    expect(words({ plan })).toContain(':warning: All pods of nginx will be stopped.');
  });

  test('asks once more also where neither the warning nor anything else has words', () => {
    const wordless = planOf({ diff: [], warnings: [' \n'] });
    const { blocks } = card({ plan: wordless }, { headline: '' });
    expect(validateBlocks(blocks, 'message')).toEqual([]);
    expect(JSON.stringify(found(blocks, 'button')[0]?.confirm)).toContain('There is a warning about it.');
  });

  test('names the votes it has and those it lacks', () => {
    const requirement = {
      mode: 'approve',
      rule: 'prod',
      approvals: 3,
      approvers: ['S9', 'U7', '@sre'],
      expiresMs: 1000,
      reasonRequired: true,
    } as const;
    const vote = { verdict: 'approve', gesture: 'button', at: NOW } as const;
    const votes = [
      { ...vote, user: 'U7', revision: 1 },
      { ...vote, user: 'U8', revision: 0 },
    ];
    const text = words({ requirement: { ...requirement, approvers: [...requirement.approvers] }, votes });
    expect(text).toContain('Approved by <@U7>.');
    expect(text).toContain('Needs 2 more approvals from <!subteam^S9>, <@U7> or @sre.');
    expect(words({ votes }, { votesMissing: 'One more of the night shift.' })).toContain(
      'One more of the night shift.',
    );
  });

  test('that only its requester must confirm says so', () => {
    const requirement = { mode: 'confirm', rule: 'dev', expiresMs: 1000, reasonRequired: false } as const;
    const text = words({ requirement });
    expect(text).toContain('Waiting for confirmation');
    expect(text).toContain('<@U1>, check what will change, then approve.');
  });
});

describe('what became of it', () => {
  test('buttons stand only where they do something', () => {
    const offered = Object.fromEntries(
      STATES.map((state) => [state, buttons(card({ state, outcome: undefined }).blocks).join(' ')]),
    );
    expect(offered).toEqual({
      received: '',
      invalid: '',
      proposed: '',
      denied: '',
      pending: 'Approve Reject Cancel',
      approved: 'Cancel',
      rejected: '',
      expired: 'Ask again',
      cancelled: '',
      stale: '',
      executing: '',
      succeeded: '',
      failed: '',
      unknown: 'It was done It was not done',
    });
  });

  test('no state leads with the words of another', () => {
    const leads = new Set(
      STATES.filter((state) => state !== 'proposed').map((state) => words({ state }).split('\n')[0]),
    );
    expect(leads.size).toBe(STATES.length - 1);
  });

  test('running shows how far it is', () => {
    const text = words({ state: 'executing', progress: { text: '12 of 20 pods updated', done: 12, total: 20 } });
    expect(text).toContain('▰▰▰▰▰▰▱▱▱▱ 12 of 20 pods updated');
    expect(words({ state: 'executing', progress: { text: 'odd', done: 7, total: 0 } })).toContain('▱▱▱▱▱▱▱▱▱▱ odd');
  });

  test('done says how long it took, and offers to take it back', () => {
    const change = {
      state: 'succeeded',
      applied: { generation: 2, at: NOW - 42_000 },
      outcome: { result: 'succeeded', text: '5 of 5 pods ready' },
    } as const;
    expect(words(change)).toContain('5 of 5 pods ready. Took 42 s.');
    expect(words({ ...change, applied: { generation: 2, at: NOW - 900 } })).toMatch(/5 of 5 pods ready\.$/m);
    expect(buttons(card(change, { undoable: true }).blocks)).toEqual(['Undo']);
    expect(card(change).text).toBe('Done: Scale deployment nginx in prod (Replicas 3 → 5)');
  });

  test('failed names the cluster’s reason; Undo only where something was changed', () => {
    const change = { state: 'failed', outcome: failed } as const;
    expect(words(change)).toContain('`ProgressDeadlineExceeded` 2 of 5 pods never became ready.');
    expect(buttons(card(change, { undoable: true }).blocks)).toEqual([]);
    const applied = { generation: 2, at: NOW };
    expect(buttons(card({ ...change, applied }, { undoable: true }).blocks)).toEqual(['Undo']);
  });

  test('unknown names both possibilities', () => {
    expect(words({ state: 'unknown', ended: { by: 'opsbot', reason: 'the agent went away' } })).toContain(
      'The agent went away. It may have been made, or not.',
    );
  });

  test('rejected and cancelled say by whom and why', () => {
    expect(words({ state: 'rejected', ended: { by: { user: 'U2' }, reason: 'not <now>' } })).toContain(
      'By <@U2>: not &lt;now&gt;',
    );
    expect(words({ state: 'cancelled', ended: { by: { user: 'U1' }, reason: '' } })).toContain('By <@U1>.');
  });

  test('invalid says what to do', () => {
    const error = {
      kind: 'not-found',
      message: 'There is no nginx in prod.',
      advice: 'Did you mean nginx-web?',
    } as const;
    expect(words({ state: 'invalid', plan: undefined, error })).toContain(
      'There is no nginx in prod.\nDid you mean nginx-web?',
    );
  });

  test('a queued request says what it waits for', () => {
    expect(words({ state: 'approved', waitingFor: 'r-other' })).toContain('`r-other`');
  });

  test('an older revision is shown as replaced, without buttons', () => {
    const { blocks, text } = card({ revision: 2 }, { revision: 1 });
    expect(shown(blocks)).toContain('*Replaced*');
    expect(text).toMatch(/^Replaced:/);
    expect(buttons(blocks)).toEqual([]);
  });

  test('a read that failed says why in a sentence, without a code', () => {
    const outcome = { result: 'failed', reason: 'unavailable', text: 'The cluster does not answer.' } as const;
    const { blocks } = card({ effect: 'read', state: 'failed', outcome });
    expect(shown(blocks)).toContain('The cluster does not answer.');
    expect(shown(blocks)).not.toContain('unavailable');
  });

  test('a read is one quiet line, unless somebody must allow it', () => {
    const read = { effect: 'read', plan: planOf({ patch: null, diff: [] }) } as const;
    expect(card({ ...read, state: 'executing' }).blocks).toHaveLength(1);
    expect(buttons(card({ ...read, state: 'pending' }).blocks)).toEqual(['Approve', 'Reject', 'Cancel']);
    expect(shown(card({ ...read, state: 'denied', ended: { by: 'opsbot', reason: 'not in prod' } }).blocks)).toContain(
      'not in prod',
    );
  });
});

const anyRequest: fc.Arbitrary<Partial<Request>> = fc.record({
  state: fc.constantFrom(...STATES),
  effect: fc.constantFrom('read', 'change'),
  requester: fc.oneof(fc.constant('U1'), nasty(50)),
  cluster: nastyName,
  reason: fc.option(nasty(3000), { nil: undefined }),
  ended: fc.option(fc.record({ by: fc.constant('agent' as const), reason: nasty(3000) }), { nil: undefined }),
  outcome: fc.option(fc.record({ result: fc.constant('failed' as const), reason: nasty(), text: nasty(3000) }), {
    nil: undefined,
  }),
  progress: fc.option(fc.record({ text: nasty(), done: fc.integer(), total: fc.integer() }), { nil: undefined }),
  error: fc.option(fc.record({ kind: fc.constant('input' as const), message: nasty(3000), advice: nasty(3000) }), {
    nil: undefined,
  }),
  waitingFor: fc.option(nastyName, { nil: undefined }),
  undoOf: fc.option(nastyName, { nil: undefined }),
  plan: fc
    .option(
      fc.record({
        diff: fc.array(fc.record({ field: nasty(), before: nasty(), after: nasty() }), { maxLength: 40 }),
        warnings: fc.array(nasty(600), { maxLength: 40 }),
      }),
      { nil: undefined },
    )
    .map((change) => change && planOf(change)),
  votes: fc
    .array(nasty(40), { maxLength: 60 })
    .map((users) =>
      users.map((user) => ({ user, verdict: 'approve' as const, revision: 1, gesture: 'button' as const, at: NOW })),
    ),
  requirement: fc.option(
    fc.array(nasty(), { maxLength: 60 }).map((approvers) => ({
      mode: 'approve' as const,
      rule: 'r',
      approvals: 70,
      approvers,
      expiresMs: 1,
      reasonRequired: false,
    })),
    { nil: undefined },
  ),
});

test('whatever is in a request, Slack takes its card and nobody is paged by it', () => {
  fc.assert(
    fc.property(anyRequest, nasty(600), fc.boolean(), fc.boolean(), (request, headline, clusterShown, undoable) => {
      const message = card(request, { headline, clusterShown, undoable });
      expect(validateBlocks(message.blocks, 'message')).toEqual([]);
      expect(textLength(message.blocks)).toBeLessThan(12_000);
      expect(message.text.trim()).not.toBe('');
      expect(message.text.length).toBeLessThan(1500);
      expect(`${message.text}\n${shown(message.blocks)}`).not.toMatch(ALARM);
      for (const mrkdwn of found(message.blocks, 'mrkdwn')) expect(mrkdwn.verbatim).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('every button of a request has an id of ours', () => {
  const known: string[] = Object.values(IDS.request);
  for (const state of STATES) {
    for (const button of found(card({ state }).blocks, 'button')) expect(known).toContain(button.action_id);
  }
});
