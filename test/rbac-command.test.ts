import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { runOperatorCommand } from '../src/operator-command.ts';
import type { RbacDocument } from '../src/rbac.ts';

const documentsOf = (yaml: string) => parseAllDocuments(yaml).map((document) => document.toJS() as RbacDocument);
const rbac = (line: string, env: NodeJS.ProcessEnv = {}) =>
  runOperatorCommand(['rbac', ...line.split(' ').filter(Boolean)], env);

function configured(yaml: string): NodeJS.ProcessEnv {
  const folder = mkdtempSync(join(tmpdir(), 'opsbot-rbac-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'opsbot.yaml'), yaml);
  return { OPSBOT_CONFIG: join(folder, 'opsbot.yaml') };
}

describe('opsbot rbac', () => {
  test('without flags and a file gives what deploy/rbac.yaml gives, which has the service account too', () => {
    const committed = documentsOf(readFileSync(join(import.meta.dirname, '../deploy/rbac.yaml'), 'utf8'));
    expect(documentsOf(rbac('')).map(({ kind }) => kind)).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'Role',
      'RoleBinding',
    ]);
    expect(documentsOf(rbac(''))).toEqual(committed.filter(({ kind }) => kind !== 'ServiceAccount'));
  });

  test('gives a Role in each namespace for the actions, whatever the file says', () => {
    const env = configured('namespaces: [x]\nactions: [restart]');
    const yaml = rbac('--namespaces b,a --actions logs,scale --namespace ops --service-account bot', env);
    const documents = documentsOf(yaml);
    expect(documents.map(({ kind, metadata: { name, namespace } }) => `${kind} ${namespace}/${name}`)).toEqual([
      'Role a/bot-agent',
      'RoleBinding a/bot-agent',
      'Role b/bot-agent',
      'RoleBinding b/bot-agent',
      'Role ops/bot-lease',
      'RoleBinding ops/bot-lease',
    ]);
    const patched = documents[0]?.rules?.filter(({ verbs }) => verbs.includes('patch'));
    expect(
      patched?.flatMap(({ resources }) => resources),
      'what only restart patches',
    ).not.toContain('daemonsets');
    expect(yaml).toContain('# For: the actions scale, logs;');
    expect(yaml).toContain('# Left out: what only these actions need: restart, pods.');
    expect(yaml).toContain('kubectl delete clusterrole,clusterrolebinding bot-agent');
  });

  test('goes by the file where a flag is not given; watching alone changes nothing', () => {
    const yaml = rbac('', configured('namespaces: [shop, web]\nactions: []'));
    const roles = documentsOf(yaml).filter(({ kind }) => kind === 'Role');
    expect(roles.map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'web', 'opsbot']);
    expect(JSON.stringify(roles.slice(0, 2))).not.toMatch(/patch|create|update|"namespaces"/);
    expect(yaml).toContain('# They change nothing but the Lease');
    expect(rbac('--namespaces team-*')).toContain(
      '# Where: in the whole cluster, because a Role knows no patterns (team-*)',
    );
  });

  test.each([
    ['--actions scale,log', '--actions ("log"): there is no such action; did you mean logs?'],
    ['--namspaces a', 'rbac has no flag --namspaces.'],
    ['-n a', 'rbac has no flag -n.'],
    ['--namespaces a b', '“b” belongs to no flag.'],
    ['--namespaces', '--namespaces needs a value'],
    ['--namespaces a,,b', '--namespaces needs a value'],
    ['--namespaces --actions scale', '--namespaces needs a value'],
    ['--namespaces Shop', '--namespaces: no namespace can be called “Shop”.'],
    [`--namespaces ${'a'.repeat(64)}`, 'no namespace can be called'],
    ['--namespace a*', '--namespace: “a*” is no such name.'],
    ['--service-account -', '--service-account needs a value'],
    ['--namespace a --namespace b', '--namespace takes one name.'],
  ])('%s is told in a sentence', (line, sentence) => {
    expect(() => rbac(line)).toThrow(sentence);
  });

  test('a slip in a flag is told with the nearest right one, and how the command goes', () => {
    expect(() => rbac('--namspaces a')).toThrow(
      expect.objectContaining({ advice: expect.stringMatching(/^Did you mean --namespaces\? Usage: opsbot rbac \[/) }),
    );
  });
});

describe('the other commands', () => {
  test('policy check says which actions are off', () => {
    const said = runOperatorCommand(['policy', 'check', 'shop'], configured('actions: [logs]'));
    expect(said).toMatch(/^scale +shop +no: it is off/m);
    expect(said).toMatch(/^logs +shop +at once/m);
  });

  test('help lists all of them, and so does whoever is not understood', () => {
    expect(runOperatorCommand(['--help'], {})).toMatch(/policy check[\s\S]+rbac \[--namespaces/);
    expect(() => runOperatorCommand(['rbca'], {})).toThrow(
      expect.objectContaining({ advice: expect.stringContaining('rbac [--namespaces') }),
    );
  });
});
