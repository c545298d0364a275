import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HistoryRow, IncidentRow, RequestRow } from '../../src/requests/history-rows.ts';
import { STATES } from '../../src/requests/request.ts';
import { type HistoryList, historyMessage } from '../../views/history.ts';
import { historyModal, readHistoryFilters } from '../../views/history-modal.ts';
import { MESSAGE_TEXT_LIMIT, textLength, validateBlocks, validateView } from '../support/slack/block-kit.ts';
import { nasty, nastyName } from './nasty.ts';
import { NOW } from './request-of.ts';
import { ALARM, buttons, found, shown } from './shown.ts';

function rowOf(change: Partial<RequestRow> = {}): RequestRow {
  return {
    ...{ kind: 'request', at: '1-0', when: NOW, id: 'r-abc', state: 'succeeded', effect: 'change', cluster: 'east' },
    ...{ action: 'scale', requester: 'U1', requirement: undefined, waitingFor: undefined, input: {} },
    ...{ target: { kind: 'Deployment', namespace: 'prod', name: 'nginx' }, diff: [], approvers: [] },
    ...{ reason: undefined, endedBy: undefined, why: undefined, people: undefined, shownAt: undefined },
    ...change,
  };
}

function incidentOf(change: Partial<IncidentRow> = {}): IncidentRow {
  const owner = { kind: 'Deployment', namespace: 'prod', name: 'web' };
  return {
    ...{ kind: 'incident', at: '1-0', when: NOW, user: 'U1', cluster: 'east', owner },
    ...{ event: 'workload-silenced', incident: 'i-abc', until: NOW },
    ...change,
  };
}

function listOf(change: Partial<HistoryList> = {}): HistoryList {
  return {
    ...{ rows: [], filter: {}, cluster: 'east', unreadable: 0 },
    ...{ headline: () => 'Scale nginx', nameOf: (user: string) => `Ann ${user}`, linkTo: () => undefined },
    ...change,
  };
}

const actions = [{ name: 'scale', title: 'Scale a workload' }];
const modalOf = (list: HistoryList) => historyModal({ ...list, actions, round: 'first' });
const textOf = (...rows: HistoryRow[]) => shown(historyMessage(listOf({ rows })).blocks);

describe('a row', () => {
  test.each<[Partial<RequestRow>, RegExp]>([
    [{ approvers: ['U2'] }, /^Ann U1, approved by Ann U2 · /m],
    [{ approvers: ['U2', 'U3'] }, /, approved by Ann U2 and Ann U3 · /],
    [{ approvers: ['U2', 'U3', 'U4', 'U5'] }, /, approved by Ann U2, Ann U3, Ann U4 and 1 more · /],
    [
      { state: 'rejected', endedBy: 'U2', why: 'too late' },
      /Rejected: .*\nAnn U1, rejected by Ann U2 · .*\n“too late”$/,
    ],
    [{ state: 'cancelled', endedBy: 'U1' }, /^Ann U1 · /m],
    [{ endedBy: 'U2' }, /, told by Ann U2 · /],
    [{ reason: 'at noon', why: 'No *image*.' }, /\n“at noon” · No ∗image∗\.$/],
    [{ cluster: 'west' }, / · on cluster `west` · `r-abc`$/],
  ])('%j', (change, wanted) => {
    expect(textOf(rowOf(change))).toMatch(wanted);
  });

  test('of an incident says what was decided, by whom, and until when', () => {
    expect(textOf(incidentOf())).toMatch(
      /:no_bell: Silenced until <!date.*: \*Deployment web\* in `prod`\nAnn U1 · .*`i-abc`$/,
    );
    expect(textOf(incidentOf({ event: 'incident-acknowledged' }))).toContain(':eyes: On it: *Deployment web*');
    expect(textOf(incidentOf({ event: 'silence-ended', incident: undefined }))).toContain(':bell: Silence ended: ');
  });

  test('leads to its message where that is known', () => {
    const list = listOf({ rows: [rowOf()], linkTo: () => 'https://t.slack.com/archives/C1/p1' });
    expect(shown(historyMessage(list).blocks)).toMatch(/ · <https:\/\/t\.slack\.com\/archives\/C1\/p1\|Open>$/);
  });
});

describe('what is shown', () => {
  test('stands above it', () => {
    const filter = {
      about: 'scale',
      outcome: 'failed',
      kind: 'Pod',
      name: 'a',
      namespace: 'b',
      by: 'U1',
      since: NOW,
    } as const;
    expect(shown(historyMessage(listOf({ filter })).blocks)).toMatch(
      /^\*History:\* scale, failed or not possible, Pod `a`, in `b`, by Ann U1, since <!date/,
    );
  });

  test.each<[Partial<HistoryList>, string]>([
    [{}, 'Nothing has been asked for yet.'],
    [{ filter: { about: 'scale' } }, 'Nothing found.'],
    [{ newer: 'x' }, 'There is nothing older.'],
    [{ filter: { by: 'U1' }, lookedBackTo: NOW, older: 'x' }, 'Nothing found so far.\nLooked back to <!date'],
    [{ unreadable: 2 }, '2 entries of the audit log cannot be read'],
  ])('is said where it is nothing, or not all: %j', (change, wanted) => {
    expect(shown(historyMessage(listOf(change)).blocks)).toContain(wanted);
  });

  test('has buttons to the pages beside it, where there are any', () => {
    expect(buttons(historyMessage(listOf({ older: 'o' })).blocks)).toEqual(['Older']);
    expect(buttons(historyMessage(listOf({ newer: 'n', older: 'o' })).blocks)).toEqual(['Newer', 'Older']);
    expect(buttons(modalOf(listOf({ filter: { outcome: 'open' } })).blocks)).toEqual(['Clear filters']);
  });
});

describe('the filters of the modal', () => {
  test('show what is filtered by, and give it back', () => {
    const filter = { about: 'gone', namespace: 'prod', by: 'U1', outcome: 'rejected' } as const;
    const { blocks } = modalOf(listOf({ filter }));
    const [actionsBlock] = found(blocks, 'actions') as { block_id: string; elements: Record<string, unknown>[] }[];
    const state = Object.fromEntries(
      (actionsBlock?.elements ?? []).map((element) => [
        element.action_id,
        { selected_option: element.initial_option, selected_user: element.initial_user },
      ]),
    );
    expect(readHistoryFilters({ [actionsBlock?.block_id ?? '']: state })).toEqual(filter);
  });

  test('that are empty narrow nothing, and whatever comes instead does no harm', () => {
    const empty = { about: undefined, namespace: undefined, outcome: undefined, by: undefined };
    expect(readHistoryFilters({ block: { 'history:about': { selected_option: { value: '*' } } } })).toEqual(empty);
    fc.assert(fc.property(fc.anything(), (values) => void readHistoryFilters(values)));
  });
});

test('Slack takes the longest rows that there can be', () => {
  const long = 'n'.repeat(400);
  const row = rowOf({
    state: 'rejected',
    cluster: long,
    approvers: ['U2', 'U3', 'U4', 'U5'],
    reason: long,
    why: long,
    endedBy: 'U6',
    id: 'r'.repeat(60),
  });
  const list = listOf({
    rows: Array.from({ length: 20 }, () => row),
    filter: {
      about: 'scale',
      outcome: 'failed',
      kind: 'Deployment',
      name: long,
      namespace: long,
      by: 'U1',
      since: NOW,
    },
    headline: () => long,
    nameOf: () => long,
    linkTo: () => `https://${'w'.repeat(40)}.slack.com/archives/C0123456789/p1763866800000000`,
    older: 'o',
    newer: 'n',
    lookedBackTo: NOW,
    unreadable: 1000,
  });
  const { blocks } = historyMessage(list);
  expect(validateBlocks(blocks, 'message')).toEqual([]);
  expect(textLength(blocks)).toBeLessThan(MESSAGE_TEXT_LIMIT);
});

test('Slack takes it whatever the log, people and the cluster say, and nobody is paged', () => {
  const request = fc
    .record({
      state: fc.constantFrom(...STATES),
      cluster: nastyName,
      approvers: fc.array(nasty(40), { maxLength: 9 }),
      reason: nasty(),
      why: nasty(),
      endedBy: fc.constantFrom(undefined, 'U2'),
    })
    .map(rowOf);
  const incident = fc
    .record({
      event: fc.constantFrom('incident-acknowledged', 'workload-silenced', 'silence-ended'),
      owner: fc.record({ kind: nastyName, namespace: nastyName, name: nastyName }),
      until: fc.constantFrom(undefined, 0, 8.64e15),
    })
    .map((change) => incidentOf(change as Partial<IncidentRow>));
  const list = fc
    .record({
      rows: fc.array(fc.oneof(request, incident), { maxLength: 20, size: 'max' }),
      headline: nasty().map((text) => () => text),
      nameOf: nasty(90).map((text) => () => text),
      linkTo: fc.constantFrom(
        () => undefined,
        () => `https://${'w'.repeat(40)}.slack.com/archives/C0123456789/p1763866800000000`,
      ),
      older: fc.constant('o'.repeat(2000)),
      newer: fc.constantFrom(undefined, 'n'.repeat(2000)),
      lookedBackTo: fc.constantFrom(undefined, NOW),
      unreadable: fc.nat(100_000),
    })
    .map(listOf);
  fc.assert(
    fc.property(list, (one) => {
      const message = historyMessage(one);
      expect(validateBlocks(message.blocks, 'message')).toEqual([]);
      expect(textLength(message.blocks)).toBeLessThan(MESSAGE_TEXT_LIMIT);
      expect(validateView(modalOf(one))).toEqual([]);
      expect(shown(message.blocks).replaceAll(/<https:[^|]*\|Open>/g, '')).not.toMatch(ALARM);
    }),
    { numRuns: 150 },
  );
});
