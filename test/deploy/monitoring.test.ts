import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { metricsAtRest } from '../../deploy/metrics-table.ts';
import { QUEUE } from '../../jobs/queues.ts';
import { STATES } from '../../src/requests/request.ts';
import { slackStatus } from '../../src/telemetry/metrics-slack.ts';
import { parseExposition } from '../support/exposition.ts';
import { parsePromql } from '../support/promql.ts';

const at = (file: string) => new URL(`../../deploy/${file}`, import.meta.url);

interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { h: number; w: number; x: number; y: number };
  targets?: { refId: string; expr: string; legendFormat: string; datasource: { uid: string } }[];
  fieldConfig?: { defaults: { unit: string } };
}

const { groups } = parse(await readFile(at('monitoring/alerts.yaml'), 'utf8')) as {
  groups: { name: string; rules: Rule[] }[];
};
const dashboard = JSON.parse(await readFile(at('monitoring/dashboard.json'), 'utf8')) as {
  panels: Panel[];
  templating: { list: { name: string; type: string; allValue?: string }[] };
};
const rules = groups.flatMap((group) => group.rules);
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const targets = panels.flatMap((panel) => panel.targets ?? []);

/** By sample's name: which labels it has. Those of Kubernetes are known from its own documentation. */
const labelsOf = new Map<string, readonly string[]>([
  ['container_memory_working_set_bytes', ['namespace', 'pod', 'container']],
  ['kube_pod_container_resource_limits', ['namespace', 'pod', 'container', 'resource']],
]);
/** What Prometheus adds to each sample that it scrapes. */
const ADDED = ['instance', 'job', 'namespace', 'pod'];

/** The words that a label may have, where there are few. Of the others any word will do. */
const slackWord = (error: string) => slackStatus({ code: 'slack_webapi_platform_error', data: { error } });
const WORDS: Record<string, (metric: string) => readonly string[] | undefined> = {
  state: (metric) => (metric === 'opsbot_queue_jobs' ? ['waiting', 'active', 'delayed', 'failed'] : STATES),
  outcome: () => ['ok', 'refused', 'failed'],
  result: () => ['planned', 'succeeded', 'failed', 'drifted', 'unknown', 'interrupted'],
  reason: () => ['ended', 'expired', 'silent', 'denied', 'busy', 'broken'],
  queue: () => Object.values(QUEUE).map((name) => (typeof name === 'string' ? name : name('x'))),
  container: () => ['opsbot'],
  resource: () => ['memory'],
};
const isStatus = (metric: string, word: string) =>
  metric === 'opsbot_cluster_calls_total'
    ? /^(?:[1-5](?:\d\d|\.\.)|unreachable|aborted)$/.test(word)
    : ['ok', 'timeout', 'unreachable', 'ratelimited', 'http_4xx', 'http_5xx', slackWord(word)].includes(word);

function isWord(metric: string, label: string, word: string): boolean {
  if (label === 'status') return isStatus(metric, word);
  return WORDS[label]?.(metric)?.includes(word) ?? false;
}

beforeAll(async () => {
  const metrics = metricsAtRest();
  metrics.measureProcess();
  parseExposition((await metrics.page()).text);
  for (const { name, type, labels } of metrics.described()) {
    if (type !== 'histogram') labelsOf.set(name, labels);
    else {
      for (const part of ['sum', 'count']) labelsOf.set(`${name}_${part}`, labels);
      labelsOf.set(`${name}_bucket`, [...labels, 'le']);
    }
  }
});

/** Everything that an expression names has to be there, or it would be silent for ever. */
function checkExpression(expression: string): void {
  const { selectors, grouping } = parsePromql(expression);
  expect(selectors.length, expression).toBeGreaterThan(0);
  const all = new Set(ADDED);
  for (const { metric, matchers } of selectors) {
    const known = labelsOf.get(metric);
    if (known === undefined) throw new Error(`nobody has ${metric}: ${expression}`);
    for (const label of known) all.add(label);
    for (const { label, value } of matchers) {
      expect([...ADDED, ...known], expression).toContain(label);
      if (ADDED.includes(label)) continue;
      for (const word of value.split('|')) expect(isWord(metric, label, word), `${label}="${word}"`).toBe(true);
    }
  }
  for (const label of grouping) expect([...all], expression).toContain(label);
}

/** As Grafana fills it in. */
const filled = (expression: string) => expression.replaceAll('$__rate_interval', '2m').replaceAll('$job', '.*');

describe('alerts', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s can fire', (_, { expr }) => {
    checkExpression(expr);
  });

  it.each([
    'sum(rate(opsbot_gestures_total[5m])',
    'rate(opsbot_gesture_total[5m]) > 0',
    'opsbot_ready{chek="redis"} == 0',
    'max by (clustr) (opsbot_lease_held) == 0',
    'opsbot_requests{state="unkown"} > 0',
    'opsbot_slack_calls_total{status=~"invalid_auth|token_revokd"} > 0',
  ])('a broken one is found: %s', (expression) => {
    expect(() => checkExpression(expression)).toThrow();
  });

  it('see a refusal also where it is the first of its kind: a new series shows no increase', () => {
    const any = rules.filter(({ expr }) => /increase\([^)]*\)\)\s*> 0/.test(expr));
    expect(any.map(({ alert }) => alert)).toEqual(['OpsbotSlackRefusesOpsbot']);
    for (const { expr } of any) {
      const [, refused] = /increase\((\w+\{[^}]*\})\[10m\]/.exec(expr) ?? [];
      expect(expr).toContain(`${refused} unless ${refused} offset 10m) > 0`);
    }
  });

  it('say how grave they are, what is wrong and what to do first', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
    for (const { alert, for: lasting, labels, annotations, ...others } of rules) {
      expect(Object.keys(others), alert).toEqual(['expr']);
      expect(alert).toMatch(/^Opsbot[A-Z][A-Za-z]+$/);
      expect(lasting, alert).toMatch(/^\d+[mh]$/);
      expect(Object.keys(labels), alert).toEqual(['severity']);
      expect(['critical', 'warning'], alert).toContain(labels.severity);
      expect(Object.keys(annotations).sort(), alert).toEqual(['description', 'summary']);
      expect(annotations.summary?.length, alert).toBeLessThan(90);
      expect(annotations.description?.length, alert).toBeGreaterThan(40);
    }
  });

  it('name only labels that their expression leaves', () => {
    for (const { alert, expr, annotations } of rules) {
      const named = Object.values(annotations)
        .join(' ')
        .matchAll(/\$labels\.(\w+)/g);
      const { grouping } = parsePromql(expr);
      for (const [, label = ''] of named) expect(grouping, alert).toContain(label);
    }
  });
});

describe('the dashboard', () => {
  it('asks for what there is, in every panel', () => {
    for (const { expr } of targets) checkExpression(filled(expr));
    for (const { title, targets: asked = [], description, fieldConfig } of panels) {
      expect(asked.length, title).toBeGreaterThan(0);
      expect(description, title).toMatch(/\.$/);
      expect(fieldConfig?.defaults.unit, title).toBeTruthy();
    }
  });

  it('shows everything that opsbot itself measures', () => {
    const shown = new Set(
      targets.flatMap(({ expr }) => parsePromql(filled(expr)).selectors.map(({ metric }) => metric)),
    );
    const own = [...labelsOf.keys()].filter((name) => name.startsWith('opsbot_') && !/_(sum|count)$/.test(name));
    expect(own.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('says what each line is, and asks the data source that was chosen', () => {
    expect(dashboard.templating.list.map(({ name, type }) => `${type} ${name}`)).toEqual([
      'datasource datasource',
      'query job',
    ]);
    // All of opsbot's jobs, that is: every process has a CPU and memory.
    expect(dashboard.templating.list.filter(({ allValue }) => allValue !== undefined)).toEqual([]);
    for (const { expr, legendFormat, datasource } of targets) {
      expect(datasource.uid).toMatch(/^\$\{datasource\}$/);
      expect(expr).toContain('job=~"$job"');
      expect(legendFormat).not.toBe('');
      const { grouping, selectors } = parsePromql(filled(expr));
      const kept =
        grouping.length > 0 ? grouping : [...ADDED, ...selectors.flatMap(({ metric }) => labelsOf.get(metric) ?? [])];
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) expect(kept, expr).toContain(label);
    }
  });

  it('has its panels beside and below each other, each with an id of its own', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x} ${y}`), `${title} covers another`).toBeUndefined();
          taken.set(`${x} ${y}`, title);
        }
      }
    }
  });
});

test('the chart has the same alerts', async () => {
  expect(parse(await readFile(at('chart/files/alerts.yaml'), 'utf8'))).toEqual({ groups });
});
