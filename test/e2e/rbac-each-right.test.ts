import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import { NotAllowedError } from '../../src/errors.ts';
import { type ClusterClient, createClusterClient } from '../../src/kubernetes/client.ts';
import { type RbacDocument, rulesOf } from '../../src/rbac.ts';
import { type Right, rightsOf } from '../../src/rights.ts';
import { writeKubeconfig } from '../support/cluster/kubeconfig.ts';
import { describeRealCluster } from '../support/clusters.ts';
import { grantsOf } from '../support/control-plane/apply-rbac.ts';
import type { Attempt } from '../support/control-plane/service-account.ts';
import { attemptsOf, documentsOf, install } from './rbac-place.ts';
import { type Agent, CHECKED, failuresOf, ownWorkloads } from './rbac-probes.ts';
import { inWords } from './rbac-questions.ts';
import { createOwnWorkload, createScene, type Scene } from './rbac-scene.ts';

/** Each right of the generated lists is taken away, and something of opsbot's own does not work then. */
const read = (path: string) => documentsOf(readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8'));
const IN_NAMESPACE = read('overlays/single-namespace/rbac.yaml');
const IN_CLUSTER = read('overlays/cluster-wide/rbac.yaml');

interface Case {
  right: Attempt;
  /** Actions and parts of the agent that name it. */
  users: readonly string[];
  documents: readonly RbacDocument[];
  watches: 'namespace' | 'cluster';
}

const attemptsIn = (documents: readonly RbacDocument[]) => grantsOf(documents).flatMap(attemptsOf);
const keyOf = ({ verb, group, resource, subresource, name }: Attempt) =>
  JSON.stringify([verb, group, resource, subresource, name]);
const USERS = new Map(
  rightsOf({ namespaces: ['*'], actions, home: 'opsbot' }).map(({ access, actions: named, parts }: Right) => [
    keyOf(access),
    [...named, ...parts],
  ]),
);

const caseOf =
  (documents: readonly RbacDocument[], watches: Case['watches']) =>
  (right: Attempt): Case => ({
    right,
    users: USERS.get(keyOf(right)) ?? [],
    documents: without(documents, right),
    watches,
  });

const here = attemptsIn(IN_NAMESPACE);
const known = new Set(here.map(keyOf));
/** All that the wider list has; in one namespace wherever that is enough to show it. */
const CASES: Case[] = [
  ...here.map(caseOf(IN_NAMESPACE, 'namespace')),
  ...attemptsIn(IN_CLUSTER)
    .filter((right) => !known.has(keyOf(right)))
    .map(caseOf(IN_CLUSTER, 'cluster')),
];

/** The same documents but for one right. */
function without(documents: readonly RbacDocument[], right: Attempt): RbacDocument[] {
  return documents.map((document) => {
    if (!document.rules) return document;
    const left = attemptsIn([document]).filter((one) => inWords(one) !== inWords(right));
    return { ...document, rules: rulesOf(left) };
  });
}

describeRealCluster('of the rights of opsbot', (kit) => {
  const folder = mkdtempSync(join(tmpdir(), 'opsbot-rights-'));
  let scene: Scene;
  const clients: ClusterClient[] = [];
  const found = new Map<string, { user: string; failures: unknown[] }[]>();

  async function agentOf(
    documents: readonly RbacDocument[],
    own: string,
    watches: Case['watches'],
    users: readonly string[],
  ): Promise<Agent> {
    const { home, endpoint } = await install(kit, documents, { default: scene.namespace });
    const client = createClusterClient({ kubeconfig: writeKubeconfig(join(folder, own), endpoint, home) });
    clients.push(client);
    const workloads = users.flatMap((user) => ownWorkloads(own, user));
    await Promise.all(workloads.map((workload) => createOwnWorkload(kit, scene, workload)));
    return { client, scene, own, namespaces: watches === 'cluster' ? ['*'] : [scene.namespace] };
  }

  beforeAll(async () => {
    scene = await createScene(kit);
    await Promise.all(
      CASES.map(async ({ right, users, documents, watches }, at) => {
        const own = `own-${at}`;
        const agent = await agentOf(documents, own, watches, users);
        const results = users.map(async (user) => ({ user, failures: await failuresOf(user, agent) }));
        found.set(inWords(right), await Promise.all(results));
      }),
    );
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    rmSync(folder, { recursive: true });
  });

  it.each(CASES.map((one) => [inWords(one.right), one] as const))('none is superfluous: %s', (_, { right, users }) => {
    expect(users.length, 'nothing says what it is for').toBeGreaterThan(0);
    for (const { user, failures } of found.get(inWords(right)) ?? []) {
      expect(failures, `${user} works as well without it`).not.toEqual([]);
      const named = [right.resource, right.subresource].filter(Boolean).join('/');
      for (const failure of failures) {
        // Either opsbot says so, or something that ought to be there is missing in what it says.
        if (failure instanceof NotAllowedError) expect(failure.message).toContain(`may not ${right.verb} ${named} in`);
        else expect(failure).toHaveProperty('name', 'AssertionError');
      }
    }
  });

  describe('none is missing', () => {
    it.each(CHECKED)('for %s', async (user) => {
      const watches = ['nodes', 'namespaces'].includes(user) ? 'cluster' : 'namespace';
      const action = actions.find(({ name }) => name === user);
      // An action has to do with what it names itself.
      const documents = action ? onlyFor(action.permissions) : watches === 'cluster' ? IN_CLUSTER : IN_NAMESPACE;
      expect(await failuresOf(user, await agentOf(documents, `own-${user}`, watches, [user]))).toEqual([]);
    });
  });
});

function onlyFor(rights: readonly Attempt[]): RbacDocument[] {
  return IN_NAMESPACE.map((document) =>
    document.kind === 'Role' && document.metadata.namespace === 'default'
      ? { ...document, rules: rulesOf(rights) }
      : document,
  );
}
