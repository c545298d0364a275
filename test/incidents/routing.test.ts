import { describe, expect, it } from 'vitest';
import type { IncidentRule } from '../../src/incidents/incident.ts';
import { isOff, route } from '../../src/incidents/routing.ts';
import { sampleFinding, settings } from './sample.ts';

const node = sampleFinding('node-not-ready', { owner: { kind: 'Node', namespace: '', name: 'n1' }, labels: {} });
const crash = sampleFinding('crash-loop', { labels: { app: 'web', 'team/name': 'shop-eu' } });

describe('route', () => {
  it.each<[IncidentRule['match'], typeof crash, boolean]>([
    [{}, crash, true],
    [{}, node, true],
    [{ kind: ['crash-loop'] }, crash, true],
    [{ kind: ['node-*', 'crash-*'] }, crash, true],
    [{ kind: ['node-*'] }, crash, false],
    [{ severity: ['critical'] }, crash, true],
    [{ severity: ['warning', 'info'] }, crash, false],
    [{ cluster: ['prod'] }, crash, true],
    [{ cluster: ['test*'] }, crash, false],
    [{ namespace: ['sh*'] }, crash, true],
    [{ namespace: ['kube-*'] }, crash, false],
    [{ namespace: ['*'] }, node, false],
    [{ workload: ['w*'] }, crash, true],
    [{ workload: ['n1'] }, node, true],
    [{ labels: { app: 'web', 'team/name': 'shop-*' } }, crash, true],
    [{ labels: { app: 'web', other: '*' } }, crash, false],
    [{ labels: { constructor: '*' } }, crash, false],
    [{ severity: ['critical'], namespace: ['other'] }, crash, false],
    [{ kind: [] }, crash, false],
  ])('%j', (match, finding, matches) => {
    const rules = [{ match, channel: 'CRULE' }];
    expect(route({ ...settings, rules }, finding, 'prod')).toBe(matches ? 'CRULE' : 'CALERTS');
  });

  it('takes the first rule that matches, and ignores without a channel', () => {
    const rules = [
      { match: { namespace: ['shop'] }, channel: undefined },
      { match: {}, channel: 'CALL' },
    ];
    expect(route({ ...settings, rules }, crash, 'prod')).toBeUndefined();
    expect(route({ ...settings, rules }, node, 'prod')).toBe('CALL');
  });
});

it('incidents are off where no channel is named', () => {
  const rule = (channel: string | undefined) => ({ match: {}, channel });
  expect(isOff(settings)).toBe(false);
  expect(isOff({ ...settings, channel: undefined })).toBe(true);
  expect(isOff({ ...settings, channel: undefined, rules: [rule(undefined)] })).toBe(true);
  expect(isOff({ ...settings, channel: undefined, rules: [rule('C1')] })).toBe(false);
});
