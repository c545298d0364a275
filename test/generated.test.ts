import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { fill, generatedFiles } from '../deploy/generated-files.ts';
import { rbacYaml, rulesOf } from '../deploy/rbac.ts';
import { actions } from '../src/actions/index.ts';

const ROOT = join(import.meta.dirname, '..');

test('what is derived from the registry and the schemas is fresh', async () => {
  const files = await generatedFiles((path) => readFile(join(ROOT, path), 'utf8'));
  const stale = files.filter(({ now, wanted }) => now !== wanted).map(({ path }) => path);
  expect(stale, 'run: npm run generate').toEqual([]);
});

test('a file that is missing or old is found stale', async () => {
  const markers = ['commands', 'environment', 'config', 'incidents'].map(
    (name) => `<!-- generated:${name} -->\n<!-- /generated -->`,
  );
  const files = await generatedFiles((path) =>
    path === 'README.md' ? Promise.resolve(markers.join('\n')) : Promise.reject(new Error('none')),
  );
  expect(files.filter(({ now, wanted }) => now !== wanted).map(({ path }) => path)).toEqual([
    'deploy/rbac.yaml',
    'README.md',
  ]);
});

test('a section replaces what was there, and nothing else', () => {
  const text = 'a\n<!-- generated:x -->\nold\n<!-- /generated -->\nb\n<!-- generated:y -->\n<!-- /generated -->\n';
  const filled = 'a\n<!-- generated:x -->\nnew\n<!-- /generated -->\nb\n<!-- generated:y -->\n<!-- /generated -->\n';
  expect(fill(text, { x: 'new' })).toBe(filled);
  expect(fill(filled, { x: 'new' })).toBe(filled);
  expect(() => fill(text, { z: 'new' })).toThrow('generated:z');
});

describe('the rights of an agent', () => {
  interface Role {
    kind: string;
    rules?: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  }
  const documents = parseAllDocuments(rbacYaml(actions)).map((document) => document.toJS() as Role);
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

  test('change workloads and nothing else, and see no secrets', () => {
    const changes = rights('ClusterRole').filter((right) => !/^(get|list|watch) /.test(right));
    expect(changes.sort()).toEqual([
      'patch apps/daemonsets',
      'patch apps/deployments',
      'patch apps/replicasets',
      'patch apps/statefulsets',
    ]);
    expect(rbacYaml(actions)).not.toMatch(/\*|secret|configmap|impersonate|escalate/);
  });

  test('let the snapshot see Jobs, which no action needs', () => {
    expect(rights('ClusterRole').filter((right) => right.endsWith(' batch/jobs'))).toEqual([
      'list batch/jobs',
      'watch batch/jobs',
    ]);
  });

  test('hold the Lease only at home', () => {
    expect(rights('Role')).toEqual([
      'get coordination.k8s.io/leases',
      'create coordination.k8s.io/leases',
      'update coordination.k8s.io/leases',
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
