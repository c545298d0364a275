import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/incidents/incident.ts';
import {
  acknowledge,
  addEvidence,
  endSilence,
  giveUpDiagnosis,
  type IncidentStep,
  silence,
  withNote,
} from '../../src/incidents/incident-changes.ts';
import { createLedger, HOUR, sampleFinding, samplePicture, T0 } from './sample.ts';

const open = createLedger().one(samplePicture([sampleFinding('crash-loop')])) as Incident;

function done(step: IncidentStep): Incident {
  if (step.refused !== undefined) throw new Error(step.refused);
  return step.incident;
}

describe('an acknowledgement', () => {
  it('names who is on it, and passes on', () => {
    const first = done(acknowledge(open, 'UBOB', T0 + 1));
    expect(first).toMatchObject({ version: 2, acknowledged: { user: 'UBOB', at: T0 + 1 }, notes: [{ seq: 1 }] });
    expect(acknowledge(first, 'UBOB', T0 + 2).refused).toBe('You are on it already.');
    const second = done(acknowledge(first, 'UEVE', T0 + 3));
    expect(second).toMatchObject({ version: 3, acknowledged: { user: 'UEVE' } });
    expect(second.notes.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'acknowledged'],
      [2, 'acknowledged'],
    ]);
  });

  it('is refused where it is over', () => {
    expect(acknowledge({ ...open, state: 'resolved' }, 'UBOB', T0).refused).toContain('over already');
    expect(acknowledge({ ...open, state: 'recovering' }, 'UBOB', T0).refused).toBeUndefined();
  });
});

describe('a silence', () => {
  const by = { user: 'UBOB', until: T0 + HOUR };

  it('begins, changes and ends', () => {
    const first = done(silence(open, by, T0));
    expect(first).toMatchObject({ version: 2, silence: { until: T0 + HOUR, by: 'UBOB' } });
    expect(silence(first, by, T0).refused).toContain('already');
    expect(done(silence(first, { ...by, until: T0 + 1 }, T0)).silence?.until).toBe(T0 + 1);
    const ended = done(endSilence(first, 'UEVE', T0 + 1));
    expect(ended).toMatchObject({ version: 3, silence: undefined });
    expect(ended.notes.at(-1)).toEqual({ seq: 2, at: T0 + 1, type: 'unsilenced', user: 'UEVE' });
    expect(endSilence(ended, 'UEVE', T0).refused).toBe('This is not silenced.');
  });

  it.each([T0, T0 - 1, Number.NaN])('is refused until %d', (until) => {
    expect(silence(open, { ...by, until }, T0).refused).toContain('over already');
  });
});

describe('evidence', () => {
  const diagnosis = { facts: [{ label: 'Exit code', text: '1' }] };

  it('is taken once, and only what was asked for', () => {
    const after = addEvidence(open, T0, diagnosis, T0 + 1);
    expect(after).toMatchObject({ version: 2, diagnosis: { state: 'done' }, notes: [{ type: 'evidence', diagnosis }] });
    expect(addEvidence(after as Incident, T0, diagnosis, T0 + 2)).toBeUndefined();
    expect(addEvidence(open, T0 - 1, diagnosis, T0)).toBeUndefined();
  });

  it('is given up once', () => {
    const after = giveUpDiagnosis(open);
    expect(after).toMatchObject({ version: 2, diagnosis: { state: 'failed' }, notes: [] });
    expect(giveUpDiagnosis(after as Incident)).toBeUndefined();
    expect(addEvidence(after as Incident, T0, diagnosis, T0)).toBeUndefined();
  });

  it('is kept of the latest three only', () => {
    let incident = open;
    for (let seq = 1; seq <= 5; seq += 1) incident = withNote(incident, { type: 'evidence', diagnosis }, T0);
    expect(incident.notes.map(({ seq }) => seq)).toEqual([3, 4, 5]);
  });
});

it('the latest 50 notes are kept, and the latest rollout, by numbers that go on', () => {
  const finding = sampleFinding('rollout-complete');
  let incident = withNote(open, { type: 'rolled-out', finding }, T0);
  for (let count = 0; count < 100; count += 1) incident = withNote(incident, { type: 'acknowledged', user: 'U' }, T0);
  expect(incident.notes).toHaveLength(50);
  expect(incident.notes[0]).toMatchObject({ seq: 1, type: 'rolled-out' });
  expect(incident.notes.slice(1).map(({ seq }) => seq)).toEqual(Array.from({ length: 49 }, (_, index) => 53 + index));
});
