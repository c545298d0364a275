import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/incidents/finding.ts';
import type { Incident, Silence } from '../../src/incidents/incident.ts';
import { acknowledge, addEvidence } from '../../src/incidents/incident-changes.ts';
import {
  CLUSTER,
  createLedger,
  HOUR,
  MINUTE,
  SECOND,
  sampleFinding,
  samplePicture,
  settings,
  T0,
  WEB,
} from './sample.ts';

const crash = sampleFinding('crash-loop');
const kill = sampleFinding('oom-killed', { since: T0, at: T0, calmSince: T0 + SECOND });
const stuck = sampleFinding('rollout-stuck', { count: 0, pods: [] });
const complete = sampleFinding('rollout-complete', { count: 0, pods: [], calmSince: T0, revision: '7' });

/** What is found at this time after T0. */
function at(ms: number, ...findings: Finding[]) {
  return samplePicture(findings, { asOf: T0 + ms });
}

function noteTypes(incident: Incident | undefined): string[] | undefined {
  return incident?.notes.map(({ type }) => type);
}

describe('the life of an incident', () => {
  it('begins once, with evidence wanted', () => {
    const ledger = createLedger();
    const changes = ledger.step(at(SECOND, crash));
    expect(changes).toMatchObject([{ before: undefined, replaces: undefined }]);
    expect(changes[0]?.after).toEqual({
      id: 'i-1',
      version: 1,
      cluster: CLUSTER,
      cause: 'crash',
      owner: WEB,
      state: 'open',
      kind: 'crash-loop',
      severity: 'critical',
      findings: [crash],
      peak: 1,
      episode: 1,
      since: T0,
      noticedAt: T0 + SECOND,
      late: undefined,
      calmSince: undefined,
      resolvedAt: undefined,
      channel: 'CALERTS',
      acknowledged: undefined,
      silence: undefined,
      diagnosis: { state: 'wanted', since: T0 + SECOND },
      notes: [],
    });
    expect(ledger.step(at(2 * SECOND, crash))).toEqual([]);
  });

  it('stays as it is while its namespace may not be read: that nothing is found there says nothing', () => {
    const ledger = createLedger();
    ledger.step(at(0, crash));
    const unseen = (...namespaces: string[]) => ({ ...at(9 * MINUTE), unseen: namespaces });
    expect(ledger.step(unseen('lab', WEB.namespace))).toEqual([]);
    expect(ledger.one(unseen('lab'))).toMatchObject({ calmSince: T0 + 9 * MINUTE });
  });

  it('recovers by the picture’s clock, and is over after it stayed so', () => {
    const ledger = createLedger();
    ledger.step(at(0, crash));
    expect(ledger.one(at(MINUTE))).toMatchObject({ state: 'open', calmSince: T0 + MINUTE, findings: [crash] });
    expect(ledger.step(at(MINUTE + 29 * SECOND))).toEqual([]);
    expect(ledger.one(at(MINUTE + 30 * SECOND))).toMatchObject({ state: 'recovering', calmSince: T0 + MINUTE });
    const late = T0 + 99 * HOUR;
    expect(ledger.step(samplePicture([], { asOf: T0 + 6 * MINUTE - 1 }), late)).toEqual([]);
    expect(ledger.one(at(6 * MINUTE))).toMatchObject({
      state: 'resolved',
      resolvedAt: T0 + 6 * MINUTE,
      findings: [crash],
      kind: 'crash-loop',
      notes: [{ seq: 1, type: 'resolved', afterMs: MINUTE }],
    });
    expect(ledger.step(at(7 * MINUTE))).toEqual([]);
  });

  it('is open again without a word while it is not believed to be over', () => {
    const ledger = createLedger();
    ledger.step(at(0, crash));
    ledger.step(at(MINUTE));
    expect(ledger.one(at(2 * MINUTE, crash))).toMatchObject({
      state: 'open',
      calmSince: undefined,
      notes: [],
      episode: 1,
    });
    ledger.step(at(3 * MINUTE));
    expect(ledger.one(at(7 * MINUTE))).toMatchObject({ state: 'recovering', calmSince: T0 + 3 * MINUTE });
  });

  it('breaks out again within the cooldown in the same thread', () => {
    const ledger = createLedger();
    const first = ledger.one(at(0, sampleFinding('crash-loop', { count: 9 }))) as Incident;
    const taken = acknowledge(first, 'UBOB', T0);
    ledger.put(taken.refused === undefined ? taken.incident : first);
    ledger.step(at(MINUTE));
    ledger.step(at(6 * MINUTE));
    const again = sampleFinding('crash-loop', { since: T0 + 30 * MINUTE, at: T0 + 35 * MINUTE, count: 2 });
    const changes = ledger.step(at(36 * MINUTE, again));
    expect(changes).toMatchObject([
      {
        before: { id: 'i-1', state: 'resolved' },
        replaces: undefined,
        after: {
          id: 'i-1',
          state: 'open',
          episode: 2,
          since: T0 + 30 * MINUTE,
          noticedAt: T0 + 36 * MINUTE,
          peak: 2,
          calmSince: undefined,
          resolvedAt: undefined,
          acknowledged: undefined,
          diagnosis: { state: 'wanted', since: T0 + 36 * MINUTE },
        },
      },
    ]);
    expect(noteTypes(ledger.all()[0])).toEqual(['acknowledged', 'resolved', 'reopened']);
    expect(ledger.step(at(36 * MINUTE, again))).toEqual([]);
  });

  it('gives its place to a new one after the cooldown', () => {
    const ledger = createLedger();
    ledger.step(at(0, crash));
    ledger.step(at(MINUTE));
    ledger.step(at(6 * MINUTE));
    expect(ledger.step(at(36 * MINUTE + 1, crash))).toMatchObject([
      { before: undefined, replaces: 'i-1', after: { id: 'i-2', version: 1, episode: 1 } },
    ]);
  });

  it('began for a relapse after the former was over', () => {
    const ledger = createLedger();
    ledger.step(at(0, crash));
    ledger.step(at(MINUTE));
    ledger.step(at(6 * MINUTE));
    expect(ledger.one(at(10 * MINUTE, crash))).toMatchObject({ since: T0 + 10 * MINUTE, episode: 2 });
  });
});

describe('what is over when it is noticed', () => {
  it('is told once, as recovering', () => {
    const ledger = createLedger();
    expect(ledger.one(at(MINUTE, kill))).toMatchObject({ state: 'recovering', calmSince: T0 + SECOND, peak: 1 });
    expect(ledger.one(at(6 * MINUTE, kill))).toMatchObject({ state: 'resolved' });
    expect(ledger.step(at(7 * MINUTE, kill))).toEqual([]);
    expect(ledger.step(at(HOUR, kill))).toEqual([]);
  });

  it('is told as resolved where it has been over for long', () => {
    const ledger = createLedger();
    expect(ledger.one(at(HOUR - 1, kill))).toMatchObject({ state: 'resolved', diagnosis: { state: 'wanted' } });
    expect(noteTypes(ledger.all()[0])).toEqual(['resolved']);
    expect(ledger.step(at(HOUR - 1, kill))).toEqual([]);
  });

  it('is a relapse where it happened again', () => {
    const ledger = createLedger();
    ledger.step(at(6 * MINUTE, kill));
    const again = { ...kill, at: T0 + 7 * MINUTE, calmSince: T0 + 7 * MINUTE + SECOND, count: 2 };
    expect(ledger.one(at(8 * MINUTE, again))).toMatchObject({
      id: 'i-1',
      state: 'recovering',
      episode: 2,
      since: T0 + 7 * MINUTE,
    });
  });

  it('begins its quiet time anew where it happens again meanwhile', () => {
    const ledger = createLedger();
    ledger.step(at(MINUTE, kill));
    const again = { ...kill, at: T0 + 4 * MINUTE, calmSince: T0 + 4 * MINUTE };
    expect(ledger.one(at(5 * MINUTE, again))).toMatchObject({ state: 'recovering', calmSince: T0 + 4 * MINUTE });
    expect(ledger.step(at(8 * MINUTE, again))).toEqual([]);
    expect(ledger.one(at(9 * MINUTE, again))).toMatchObject({ state: 'resolved', episode: 1 });
  });

  it('counts from its own stamp where it is about the same pods, else from when the others were gone', () => {
    const down = sampleFinding('oom-killed');
    const same = createLedger();
    same.step(at(0, down));
    expect(same.one(at(MINUTE, kill))).toMatchObject({ state: 'recovering', calmSince: T0 + SECOND });
    const other = createLedger();
    other.step(at(0, { ...down, pods: [{ name: 'web-2', reason: 'OOMKilled', restarts: 9 }] }));
    expect(other.one(at(MINUTE, kill))).toMatchObject({ state: 'open', calmSince: T0 + MINUTE });
  });

  it('is not over before the picture’s time, whatever a node’s clock says', () => {
    const ledger = createLedger();
    const ahead = { ...kill, calmSince: T0 + 99 * HOUR };
    expect(ledger.one(at(MINUTE, ahead))).toMatchObject({ calmSince: T0 + MINUTE });
    expect(ledger.one(at(6 * MINUTE, ahead))).toMatchObject({ state: 'resolved' });
  });
});

describe('what people see', () => {
  it('does not change by back-off seconds, by the word for a failed pull or by the time of the latest crash', () => {
    const ledger = createLedger();
    const pull = sampleFinding('image-pull', { pods: [{ name: 'web-1', reason: 'ErrImagePull', restarts: 0 }] });
    ledger.step(at(0, pull, crash));
    const other = { name: 'web-1', reason: 'ImagePullBackOff', restarts: 0, message: 'Back-off 40s' };
    expect(ledger.step(at(1, { ...pull, at: T0 + 9, pods: [other] }, { ...crash, at: T0 + 9 }))).toEqual([]);
  });

  it.each([
    ['counts', { count: 2 }, { peak: 2 }],
    ['pods', { pods: [{ name: 'web-2', reason: 'CrashLoopBackOff', restarts: 3 }] }, {}],
    ['words', { detail: 'other' }, {}],
  ])('changes with %s', (_, change, expected) => {
    const ledger = createLedger();
    ledger.step(at(0, crash));
    expect(ledger.one(at(1, { ...crash, ...change }))).toMatchObject({ version: 2, notes: [], ...expected });
  });

  it('leads with the gravest, and tells a further kind once', () => {
    const ledger = createLedger();
    ledger.step(at(0, crash));
    const down = sampleFinding('oom-killed', { count: 2 });
    expect(ledger.one(at(1, crash, down))).toMatchObject({ kind: 'oom-killed', peak: 2, findings: [down, crash] });
    ledger.step(at(2, crash));
    expect(ledger.one(at(3, crash, down))).toMatchObject({ kind: 'oom-killed' });
    expect(noteTypes(ledger.all()[0])).toEqual(['joined']);
  });

  it('keeps the most pods that were hit', () => {
    const ledger = createLedger();
    ledger.step(at(0, { ...crash, count: 400 }));
    expect(ledger.one(at(1, { ...crash, count: 3 }))).toMatchObject({ peak: 400, findings: [{ count: 3 }] });
  });

  it('is one incident for each cause, owner and cluster', () => {
    const ledger = createLedger();
    const api = { ...crash, owner: { ...WEB, name: 'api' } };
    ledger.step(at(0, crash, api, sampleFinding('unschedulable'), sampleFinding('config-error')));
    expect(ledger.all().map(({ cause, owner }) => `${cause} ${owner.name}`)).toEqual([
      'config web',
      'crash api',
      'crash web',
      'unschedulable web',
    ]);
    const elsewhere = samplePicture([], { cluster: 'other', asOf: T0 + HOUR });
    expect(ledger.step(elsewhere)).toEqual([]);
  });
});

describe('consequences', () => {
  const image = sampleFinding('image-pull');
  const failed = sampleFinding('job-failed', { count: 0, pods: [] });

  it.each([
    ['crash-loop', stuck],
    ['image-pull', stuck],
    ['config-error', stuck],
    ['unschedulable', stuck],
    ['crash-loop', failed],
    ['image-pull', failed],
    ['config-error', failed],
  ] as const)('of %s join it', (kind, consequence) => {
    const ledger = createLedger();
    ledger.step(at(0, sampleFinding(kind)));
    ledger.step(at(1, sampleFinding(kind), consequence));
    expect(ledger.all()).toHaveLength(1);
    expect(noteTypes(ledger.all()[0])).toEqual(['joined']);
  });

  it('keep it open', () => {
    const ledger = createLedger();
    ledger.step(at(0, image));
    ledger.step(at(1, image, stuck));
    expect(ledger.one(at(HOUR, stuck))).toMatchObject({ cause: 'image', state: 'open', kind: 'rollout-stuck' });
    expect(ledger.step(at(2 * HOUR, stuck))).toEqual([]);
    ledger.step(at(3 * HOUR));
    expect(ledger.one(at(4 * HOUR))).toMatchObject({ state: 'resolved' });
    expect(ledger.all()).toHaveLength(1);
  });

  it('join what is found together with them, and stay where they are', () => {
    const ledger = createLedger();
    ledger.step(at(0, image, stuck));
    ledger.step(at(1, image, stuck, crash));
    expect(ledger.all().map(({ cause, findings }) => [cause, findings.map(({ kind }) => kind)])).toEqual([
      ['image', ['rollout-stuck', 'image-pull']],
      ['crash', ['crash-loop']],
    ]);
  });

  it.each([
    [image, stuck],
    [crash, stuck],
    [crash, failed],
  ])('that were first are joined by what is behind them, and by new evidence: $0.kind', (reason, consequence) => {
    const ledger = createLedger();
    const first = ledger.one(at(0, consequence)) ?? expect.fail('nothing opened');
    ledger.put(addEvidence(first, T0, { facts: [] }, T0) ?? expect.fail('no evidence wanted'));
    ledger.step(at(MINUTE, reason, consequence));
    expect(ledger.all()).toHaveLength(1);
    expect(ledger.all()[0]).toMatchObject({ cause: first.cause, diagnosis: { state: 'wanted', since: T0 + MINUTE } });
    expect(noteTypes(ledger.all()[0])).toEqual(['evidence', 'joined']);
    expect(ledger.step(at(MINUTE, reason, consequence))).toEqual([]);
    expect(ledger.one(at(HOUR, reason))).toMatchObject({ cause: first.cause, state: 'open', kind: reason.kind });
  });

  it('do not join other owners’, or a node’s', () => {
    const ledger = createLedger();
    ledger.step(at(0, { ...crash, owner: { ...WEB, name: 'api' } }, stuck));
    expect(ledger.all()).toHaveLength(2);
  });

  it('of a failed Job do not join what waits for a node', () => {
    const ledger = createLedger();
    ledger.step(at(0, sampleFinding('unschedulable'), failed));
    expect(ledger.all()).toHaveLength(2);
  });
});

describe('completed rollouts', () => {
  it('are green at once, and told once each', () => {
    const ledger = createLedger();
    expect(ledger.one(at(1, complete))).toMatchObject({
      cause: 'rolled-out',
      state: 'resolved',
      severity: 'info',
      notes: [],
      diagnosis: { state: 'wanted' },
    });
    expect(ledger.step(at(2, complete))).toEqual([]);
    const nextOne = { ...complete, at: T0 + MINUTE, calmSince: T0 + MINUTE, since: T0 + MINUTE, revision: '8' };
    expect(ledger.step(at(MINUTE, nextOne))).toMatchObject([
      { before: undefined, replaces: 'i-1', after: { id: 'i-2' } },
    ]);
    expect(ledger.step(at(MINUTE, nextOne))).toEqual([]);
  });

  it('are a note where the owner is in trouble, once, also after that is over', () => {
    const ledger = createLedger();
    ledger.step(at(0, crash));
    ledger.step(at(1, crash, complete));
    ledger.step(at(2, crash, complete));
    ledger.step(at(3, complete));
    ledger.step(at(10 * MINUTE, complete));
    expect(ledger.all()).toHaveLength(1);
    expect(noteTypes(ledger.all()[0])).toEqual(['rolled-out', 'resolved']);
    expect(ledger.step(at(11 * MINUTE, complete))).toEqual([]);
  });

  it('before the trouble are told in their own message only', () => {
    const ledger = createLedger();
    ledger.step(at(0, complete));
    ledger.step(at(1, complete, crash));
    expect(ledger.all().map(({ cause, notes }) => [cause, notes.length])).toEqual([
      ['rolled-out', 0],
      ['crash', 0],
    ]);
  });

  it('are told in one thread, the gravest', () => {
    const ledger = createLedger();
    ledger.step(at(0, sampleFinding('config-error'), crash));
    ledger.step(at(1, sampleFinding('config-error'), crash, complete));
    expect(ledger.all().map(({ cause, notes }) => [cause, notes.length])).toEqual([
      ['config', 0],
      ['crash', 1],
    ]);
  });
});

it('turns green in time although the clock of the agent was an hour ahead when it looked over', () => {
  const ledger = createLedger();
  ledger.step(at(HOUR, crash));
  ledger.step(at(HOUR + MINUTE));
  ledger.step(at(2 * MINUTE));
  expect(ledger.one(at(2 * MINUTE + settings.quietMs - 1))?.state).toBe('recovering');
  expect(ledger.one(at(2 * MINUTE + settings.quietMs))?.state).toBe('resolved');
});

describe('what happened while nobody watched', () => {
  const paused = { watchedUntil: T0 - HOUR, watchingSince: T0 + HOUR, asOf: T0 + HOUR };
  it.each([
    ['is marked', paused, { from: T0 - HOUR, to: T0 + HOUR }],
    ['is marked on the first start', { ...paused, watchedUntil: undefined }, { from: undefined, to: T0 + HOUR }],
    ['is not where it began before', { ...paused, watchedUntil: T0 }, undefined],
    ['is not where it began after', { ...paused, watchingSince: T0 }, undefined],
    ['is not where it began within the same second', { ...paused, watchingSince: T0 + 999 }, undefined],
    ['is not by a hand-over', { ...paused, watchedUntil: T0 - 1, watchingSince: T0 + 29 * SECOND }, undefined],
  ])('%s', (_, picture, late) => {
    const ledger = createLedger();
    ledger.step(samplePicture([crash], picture));
    expect(ledger.all()[0]?.late).toEqual(late);
  });

  it('is not what began while somebody watched, however slow the clock of the hub is', () => {
    const ledger = createLedger();
    ledger.step(samplePicture([crash], { ...paused, watchingSince: T0 - MINUTE, asOf: T0 }), T0 - 10 * MINUTE);
    expect(ledger.all()[0]).toMatchObject({ since: T0 - 10 * MINUTE, late: undefined });
  });

  it('is marked where it broke out again meanwhile', () => {
    const ledger = createLedger();
    ledger.step(at(-9 * MINUTE, { ...crash, since: T0 - 9 * MINUTE, at: T0 - 9 * MINUTE }));
    ledger.step(at(-8 * MINUTE));
    ledger.step(at(-3 * MINUTE));
    ledger.step(samplePicture([crash], { watchedUntil: T0 - MINUTE, watchingSince: T0 + MINUTE, asOf: T0 + MINUTE }));
    expect(ledger.all()[0]).toMatchObject({ episode: 2, late: { from: T0 - MINUTE, to: T0 + MINUTE } });
  });
});

describe('silence', () => {
  const silences: Silence[] = [{ cluster: CLUSTER, owner: WEB, by: 'UBOB', at: T0, until: T0 + HOUR }];

  it('ends in its time also where the namespace may not be read', () => {
    const ledger = createLedger({ silences });
    ledger.step(at(0, crash));
    const unseen = { ...at(2 * HOUR), unseen: [WEB.namespace] };
    expect(ledger.one(unseen)).toMatchObject({ state: 'open', silence: undefined, calmSince: undefined });
    expect(ledger.step(unseen)).toEqual([]);
  });

  it('lies on every incident of the owner, until it is over', () => {
    const ledger = createLedger({ silences });
    ledger.step(at(0, crash, { ...crash, owner: { ...WEB, name: 'api' } }));
    expect(ledger.all().map(({ silence }) => silence)).toEqual([undefined, { until: T0 + HOUR, by: 'UBOB' }]);
    expect(ledger.step(at(HOUR - 1, crash))).toMatchObject([{ after: { owner: { name: 'api' } } }]);
    ledger.step(at(HOUR, crash));
    expect(ledger.all().find(({ owner }) => owner.name === 'web')).toMatchObject({
      silence: undefined,
      notes: [{ type: 'unsilenced', user: undefined }],
    });
    expect(ledger.step(at(HOUR, crash))).toEqual([]);
  });

  it('that was ended is taken off what still carries it', () => {
    const before = createLedger({ silences });
    before.step(at(0, crash));
    const ledger = createLedger();
    ledger.put(before.all()[0] as Incident);
    expect(ledger.one(at(1, crash))).toMatchObject({ silence: undefined, notes: [{ type: 'unsilenced' }] });
  });

  it('of another cluster does not', () => {
    const ledger = createLedger({ silences: silences.map((each) => ({ ...each, cluster: 'other' })) });
    expect(ledger.one(at(0, crash))?.silence).toBeUndefined();
  });
});

describe('routes', () => {
  const ignoring = { ...settings, rules: [{ match: { kind: ['crash-loop'] }, channel: undefined }] };

  it('send an incident to where the gravest of what is found goes', () => {
    const rules = [{ match: { severity: ['critical'] as const }, channel: 'CPAGED' }];
    const ledger = createLedger({ settings: { ...settings, rules } });
    expect(ledger.one(at(0, sampleFinding('image-pull'), stuck))).toMatchObject({ cause: 'image', channel: 'CPAGED' });
  });

  it('decide where an incident is opened, and it stays there', () => {
    const ledger = createLedger({
      settings: { ...settings, rules: [{ match: { kind: ['crash-*'] }, channel: 'CSHOP' }] },
    });
    expect(ledger.one(at(0, crash))?.channel).toBe('CSHOP');
    const moved = createLedger();
    moved.put(ledger.all()[0] as Incident);
    expect(moved.one(at(1, { ...crash, count: 2 }))).toMatchObject({ channel: 'CSHOP', findings: [{ count: 2 }] });
  });

  it('ignore, also what would join', () => {
    const ledger = createLedger({ settings: ignoring });
    expect(ledger.step(at(0, crash))).toEqual([]);
    ledger.step(at(1, sampleFinding('oom-killed')));
    expect(ledger.one(at(2, sampleFinding('oom-killed'), crash))).toMatchObject({ version: 1 });
  });

  it('do not make an open incident lie once it would be ignored', () => {
    const before = createLedger();
    before.step(at(0, crash));
    const ledger = createLedger({ settings: ignoring });
    ledger.put(before.all()[0] as Incident);
    expect(ledger.step(at(HOUR, crash))).toEqual([]);
    ledger.step(at(2 * HOUR));
    expect(ledger.one(at(3 * HOUR))).toMatchObject({ state: 'resolved' });
    expect(ledger.step(at(3 * HOUR, crash))).toEqual([]);
  });

  it('leave everything as it is where no channel is named at all', () => {
    const before = createLedger();
    before.step(at(0, crash));
    const ledger = createLedger({ settings: { ...settings, channel: undefined } });
    ledger.put(before.all()[0] as Incident);
    expect(ledger.step(at(HOUR))).toEqual([]);
  });
});
