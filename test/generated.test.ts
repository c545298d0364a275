import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { fill, generatedFiles } from '../deploy/generated-files.ts';
import { chartRights, wholeRbac } from '../deploy/rbac.ts';
import { actions } from '../src/actions/index.ts';
import { rbacDocuments, rulesOf } from '../src/rbac.ts';

const ROOT = join(import.meta.dirname, '..');

test('what is derived from the registry and the schemas is fresh', async () => {
  const files = await generatedFiles((path) => readFile(join(ROOT, path), 'utf8'));
  const stale = files.filter(({ now, wanted }) => now !== wanted).map(({ path }) => path);
  expect(stale, 'run: npm run generate').toEqual([]);
});

test('a file that is missing or old is found stale', async () => {
  const markers = ['commands', 'environment', 'config', 'incidents', 'metrics'].map(
    (name) => `<!-- generated:${name} -->\n<!-- /generated -->`,
  );
  const files = await generatedFiles(
    (path) =>
      ({
        'README.md': Promise.resolve(markers.join('\n')),
        'deploy/README.md': Promise.resolve(markers.join('\n')),
        'deploy/monitoring/alerts.yaml': Promise.resolve('groups: []\n'),
      })[path] ?? Promise.reject(new Error('none')),
  );
  expect(files.filter(({ now, wanted }) => now !== wanted).map(({ path }) => path)).toEqual([
    'deploy/rbac.yaml',
    'deploy/overlays/single-namespace/rbac.yaml',
    'deploy/overlays/cluster-wide/rbac.yaml',
    'deploy/chart/files/rights.yaml',
    'deploy/chart/files/alerts.yaml',
    'README.md',
    'deploy/README.md',
  ]);
});

test('a section replaces what was there, and nothing else', () => {
  const text = 'a\n<!-- generated:x -->\nold\n<!-- /generated -->\nb\n<!-- generated:y -->\n<!-- /generated -->\n';
  const filled = 'a\n<!-- generated:x -->\nnew\n<!-- /generated -->\nb\n<!-- generated:y -->\n<!-- /generated -->\n';
  expect(fill(text, { x: 'new' })).toBe(filled);
  expect(fill(filled, { x: 'new' })).toBe(filled);
  expect(() => fill(text, { z: 'new' })).toThrow('generated:z');
});

interface Piece {
  group: string;
  resource: string;
  verbs: string[];
}

describe('the rights of an agent', () => {
  interface Role {
    kind: string;
    rules?: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  }
  const documents = parseAllDocuments(wholeRbac(actions)).map((document) => document.toJS() as Role);
  const rights = (kind: string) =>
    documents
      .filter((document) => document.kind === kind)
      .flatMap(({ rules = [] }) => rules)
      .flatMap(({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
        ),
      );

  test('hold everything that an action declares', () => {
    const wanted = actions
      .flatMap((action) => action.permissions)
      .map(
        ({ verb, group, resource, subresource }) =>
          `${verb} ${group}/${[resource, subresource].filter(Boolean).join('/')}`,
      );
    expect(wanted.length).toBeGreaterThan(0);
    expect(rights('ClusterRole')).toEqual(expect.arrayContaining(wanted));
  });

  test('change workloads, leave Events and do nothing else, and see no secrets', () => {
    const changes = rights('ClusterRole').filter((right) => !/^(get|list|watch) /.test(right));
    expect(changes.sort()).toEqual([
      'create /events',
      'patch apps/daemonsets',
      'patch apps/deployments',
      'patch apps/replicasets',
      'patch apps/statefulsets',
    ]);
    expect(wholeRbac(actions)).not.toMatch(/\*|secret|configmap|impersonate|escalate/);
  });

  test('let the snapshot see Jobs, which no action needs', () => {
    expect(rights('ClusterRole').filter((right) => right.endsWith(' batch/jobs'))).toEqual([
      'list batch/jobs',
      'watch batch/jobs',
    ]);
  });

  test('hold the Lease only at home', () => {
    expect(documents.filter(({ kind }) => kind === 'Role')).toMatchObject([
      {
        metadata: { name: 'opsbot-lease', namespace: 'opsbot' },
        rules: [
          { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
          {
            apiGroups: ['coordination.k8s.io'],
            resources: ['leases'],
            resourceNames: ['opsbot-agent'],
            verbs: ['get', 'update'],
          },
        ],
      },
    ]);
  });

  test('are a Role in each namespace that is named, and nothing of the cluster, for the service account at home', () => {
    const named = rbacDocuments({ actions: [], namespaces: ['b', 'a', 'b'], home: 'ops', serviceAccount: 'bot' });
    const whereabouts = named.map(({ kind, metadata: { name, namespace = '-' } }) => `${kind} ${namespace}/${name}`);
    expect(whereabouts).toEqual([
      'Role a/bot-agent',
      'RoleBinding a/bot-agent',
      'Role b/bot-agent',
      'RoleBinding b/bot-agent',
      'Role ops/bot-lease',
      'RoleBinding ops/bot-lease',
    ]);
    for (const { roleRef, subjects, metadata } of named.filter(({ kind }) => kind === 'RoleBinding')) {
      expect(roleRef).toMatchObject({ kind: 'Role', name: metadata.name });
      expect(subjects).toEqual([{ kind: 'ServiceAccount', name: 'bot', namespace: 'ops' }]);
    }
    expect(JSON.stringify(named)).not.toMatch(/patch|nodes|"namespaces"/);
  });

  test('are a ClusterRole where one of the namespaces is a pattern', () => {
    const wide = rbacDocuments({ actions: [], namespaces: ['a', 'b-*'], home: 'ops', serviceAccount: 'bot' });
    expect(wide.map(({ kind }) => kind)).toEqual(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']);
  });

  test('come to the same for the chart, piece by piece', () => {
    const { watch, actions: each, lease } = parse(chartRights(actions));
    const pieces: Piece[] = [...watch.namespaced, ...watch.cluster, ...Object.values<Piece[]>(each).flat()];
    const accesses = pieces.flatMap(({ group, resource, verbs }) => verbs.map((verb) => ({ group, resource, verb })));
    const [wide] = rbacDocuments({ actions, namespaces: ['*'], home: 'ops', serviceAccount: 'bot' });
    expect(rulesOf(accesses)).toEqual(wide?.rules);
    expect(lease).toEqual([
      { group: 'coordination.k8s.io', resource: 'leases', verbs: ['create'] },
      { group: 'coordination.k8s.io', resource: 'leases', verbs: ['get', 'update'], names: ['opsbot-agent'] },
    ]);
  });

  test('are merged the same way in whatever order they come', () => {
    const list = [
      { verb: 'get', group: 'apps', resource: 'b' },
      { verb: 'list', group: 'apps', resource: 'a' },
      { verb: 'get', group: 'apps', resource: 'a' },
      { verb: 'list', group: 'apps', resource: 'b' },
      { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
    ];
    expect(rulesOf(list)).toEqual([
      { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
      { apiGroups: ['apps'], resources: ['a', 'b'], verbs: ['get', 'list'] },
    ]);
    expect(rulesOf(list.toReversed())).toEqual(rulesOf(list));
  });
});
