import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatCommand } from '../../src/actions/format-command.ts';
import { actions, findAction } from '../../src/actions/index.ts';
import { WORKLOAD_KINDS } from '../../src/kubernetes/cluster.ts';
import { OUTCOMES } from '../../src/requests/history-filter.ts';
import { type Command, parseCommand } from '../../src/slack/command.ts';
import { historyLine } from '../../src/slack/command-history.ts';
import { voteWord } from '../../src/slack/command-vote.ts';

/** The same lines each time: a failure that comes and goes helps nobody. */
const RUNS = { numRuns: 1000, seed: 20261122 };
const parse = (text: string): Command => parseCommand(text, { actions });

const lines = fc.constantFrom(
  ...actions.flatMap(({ examples }) => examples.map(({ line }) => line)),
  'approve r-1',
  'reject r-1 too late',
  'history 5',
  'kubectl rollout restart deploy/api -n prod',
);
const odd = fc.constantFrom(
  '"',
  '“',
  "'",
  '`',
  '\\',
  '-',
  '—',
  '--',
  '=',
  '<',
  '>',
  '&lt;',
  '<@U1>',
  '<http://a.b|a.b>',
  '\u0000',
  '\ud800',
  '😀',
  '\n',
  ' ',
  '-n',
  '--replicas',
  'NaN',
  '-1',
  '1e9',
  '/',
  '*',
  '‮',
);

/** A valid line that somebody's cat walked over. */
const mutated = fc
  .tuple(
    lines,
    fc.array(fc.tuple(fc.nat(80), fc.nat(6), fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 4 }))), {
      maxLength: 6,
    }),
  )
  .map(([line, edits]) =>
    edits.reduce((text, [at, cut, piece]) => text.slice(0, at) + piece + text.slice(at + cut), line),
  );
const anything = fc.oneof(
  mutated,
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.tuple(lines, lines).map(([a, b]) => `${a} ${b}`),
  fc
    .array(fc.oneof(odd, fc.constantFrom('scale', 'restart', 'logs', 'pods', 'deploy', 'api', 'prod', '3', '-c')), {
      maxLength: 12,
    })
    .map((words) => words.join(' ')),
);

test('whatever is typed is answered: a command that is valid, or a sentence and a suggestion', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const command = parse(text);
      if (command.kind === 'action') {
        expect(findAction(command.action)?.input.safeParse(command.input).success).toBe(true);
      }
      if (command.kind === 'wrong') {
        expect(command.message).toMatch(/\.$/);
        expect(command.suggestion.line).not.toMatch(/^$|</);
      }
    }),
    RUNS,
  );
});

test('a suggestion is a right command', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const command = parse(text);
      if (command.kind !== 'wrong') return;
      const { line } = command.suggestion;
      expect(parse(line), line).not.toMatchObject({ kind: 'wrong' });
    }),
    RUNS,
  );
});

test('no talk crashes the reading of votes', () => {
  fc.assert(
    fc.property(anything, (text) => {
      expect([undefined, 'approve', 'reject']).toContain(voteWord(text)?.kind);
    }),
    RUNS,
  );
});

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const name = fc.oneof(label, fc.constantFrom('deploy', 'pods', 'sts', 'prod', '3', 'please', 'a.b.c', '10', 'in'));
const kind = fc.constantFrom(...WORKLOAD_KINDS);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const workload = fc.record({
  kind: optional(kind),
  namespace: optional(name.filter((one) => !one.includes('.'))),
  name,
});
const workloadOfKind = fc.record({ kind, namespace: optional(label), name });
const replicas = fc.integer({ min: 0, max: 1000 });
const logOptions = {
  container: optional(label),
  lines: optional(fc.integer({ min: 1, max: 5000 })),
  since: optional(fc.constantFrom('30s', '10m', '1h30m', '2d')),
  previous: optional(fc.constant(true)),
};
const inputs = fc.oneof(
  fc.tuple(fc.constant('scale'), fc.record({ workload, replicas })),
  fc.tuple(fc.constant('restart'), fc.record({ workload })),
  fc.tuple(fc.constant('logs'), fc.record({ pod: name, namespace: optional(label), ...logOptions })),
  fc.tuple(fc.constant('logs'), fc.record({ workload: workloadOfKind, ...logOptions })),
  fc.tuple(
    fc.constant('pods'),
    fc.record({
      namespace: label,
      selector: optional(fc.constantFrom('app=web', 'App=Web,tier!=db', 'a in (b, c)', '!x')),
    }),
  ),
  fc.tuple(fc.constant('pods'), fc.record({ workload: workloadOfKind })),
);

test('a formatted command reads back to its input', () => {
  fc.assert(
    fc.property(inputs, ([action, input]) => {
      const known = findAction(action);
      if (known === undefined) throw new Error(action);
      const line = formatCommand(known, input);
      expect(parse(line), line).toMatchObject({ kind: 'action', action });
      expect((parse(line) as { input: unknown }).input, line).toEqual(input);
    }),
    RUNS,
  );
});

test('and so does its reason', () => {
  const scale = findAction('scale');
  if (scale === undefined) throw new Error('scale');
  const words = fc.string({ unit: fc.constantFrom(...'abc ”“"\'\\`*.,-=!?…é'), minLength: 1, maxLength: 40 });
  const reason = words.filter((text) => text.trim() !== '');
  fc.assert(
    fc.property(reason, (text) => {
      const line = formatCommand(scale, { workload: { name: 'api' }, replicas: 3 }, { reason: text });
      expect(parse(line), line).toMatchObject({ kind: 'action', reason: text });
    }),
    RUNS,
  );
});

test('the canonical line of what history was asked for reads back to the same', () => {
  const asked = fc.record(
    {
      about: fc.constantFrom('scale', 'pods', 'changes', 'incidents'),
      outcome: fc.constantFrom(...OUTCOMES),
      kind: fc.constantFrom('Deployment', 'StatefulSet', 'Pod'),
      name: fc.constantFrom('api', 'web-1', 'a.b'),
      namespace: fc.constantFrom('prod', 'kube-system'),
      by: fc.constantFrom('U123', 'W9'),
      since: fc.constantFrom('7d', '1h30m'),
      count: fc.integer({ min: 1, max: 100 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(asked, (one) => {
      expect(parse(historyLine(one))).toEqual({ kind: 'history', asked: one });
    }),
    RUNS,
  );
});

test('whatever words follow history, it is understood, or answered with a line that is', () => {
  const words = [
    'scale',
    'failed',
    'deployment',
    'deploymnt',
    'api',
    'prod/web',
    'in',
    'since',
    'by',
    '7d',
    '5',
    '<@U2>',
  ];
  const word = fc.oneof(
    fc.constantFrom(...words, '--by', '--since', '--failed', '-n'),
    odd,
    fc.string({ maxLength: 6 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (said) => {
      const command = parse(`history ${said.join(' ')}`);
      const line = command.kind === 'wrong' ? command.suggestion.line : 'history';
      expect(['history', 'help', 'wrong']).toContain(command.kind);
      expect(parse(line).kind).toBe('history');
    }),
    RUNS,
  );
});
