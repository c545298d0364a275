import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOperatorCommand } from '../../src/operator-command.ts';
import type { RbacDocument } from '../../src/rbac.ts';
import { createRawClient, type RawClient, type RawOptions } from '../support/cluster/http-client.ts';
import { deployment } from '../support/cluster/manifests.ts';
import type { Ref } from '../support/cluster/types.ts';
import { describeRealCluster } from '../support/clusters.ts';
import { may } from '../support/control-plane/service-account.ts';
import { answered, asks, ROLLOUT_MS } from './asking.ts';
import { attemptsOf, documentsOf, type Installed, install } from './rbac-place.ts';
import { allThatIsAllowed, inWords } from './rbac-questions.ts';
import { useStage } from './stage.ts';

const read = (path: string) => documentsOf(readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8'));
const printed = (...args: string[]) => documentsOf(runOperatorCommand(['rbac', ...args], {}));

/** What everybody may who has signed in. */
const ANYBODY = [
  'create selfsubjectaccessreviews of authorization.k8s.io everywhere',
  'create selfsubjectrulesreviews of authorization.k8s.io everywhere',
];

interface Case {
  documents: readonly RbacDocument[];
  /** As the documents name them; none: the whole cluster. */
  named: readonly string[];
  actions: readonly string[];
}

const ALL = ['scale', 'restart', 'logs', 'pods'];
const CASES: Record<string, Case> = {
  'the overlay cluster-wide': { documents: read('overlays/cluster-wide/rbac.yaml'), named: [], actions: ALL },
  'the overlay single-namespace': {
    documents: read('overlays/single-namespace/rbac.yaml'),
    named: ['default'],
    actions: ALL,
  },
  'opsbot rbac --namespaces a,b --actions scale,logs': {
    documents: printed('--namespaces', 'a,b', '--actions', 'scale,logs'),
    named: ['a', 'b'],
    actions: ['scale', 'logs'],
  },
};

it('deploy/rbac.yaml gives what the overlay cluster-wide gives, and makes the service account', () => {
  const [account, ...rights] = read('rbac.yaml');
  expect(account).toMatchObject({ kind: 'ServiceAccount', metadata: { name: 'opsbot', namespace: 'opsbot' } });
  expect(rights).toEqual(CASES['the overlay cluster-wide']?.documents);
});

/** Has no namespace: a Role gives nothing of it. */
const OF_CLUSTER = ['nodes', 'namespaces'];
const LEASE = { group: 'coordination.k8s.io', resource: 'leases' };

describeRealCluster('opsbot with the rights that it is given', (kit) => {
  describe.each(Object.entries(CASES))('by %s', (_, { documents, named, actions }) => {
    let installed: Installed;
    /** The manifest's, by its names; any one of the cluster where it names none. */
    let places: Record<string, string>;
    /** Nothing of what is installed is about it. */
    let other: string;
    let client: RawClient;
    const namespace = () => Object.values(places)[0] ?? '';
    const isOn = (action: string) => actions.includes(action);
    const of = (name: string): Ref => ({ kind: 'Deployment', namespace: namespace(), name });
    const replicas = async () => (await kit.get(of('web')))?.spec.replicas;
    const podOf = async (ref: Ref) => (await kit.pods(ref))[0]?.metadata.name;

    const stage = useStage(kit, {
      as: async () => {
        const wanted = named.length > 0 ? named : ['any'];
        places = Object.fromEntries(await Promise.all(wanted.map(async (name) => [name, await kit.namespace()])));
        other = await kit.namespace();
        installed = await install(kit, documents, places);
        kit.crash(of('broken'), { exitCode: 3 });
        const names = ['web', 'api', 'steady', 'broken'];
        await Promise.all(names.map((name) => kit.apply(deployment(name, { namespace: namespace(), replicas: 2 }))));
        await Promise.all(['web', 'api', 'steady'].map((name) => kit.rolledOut(of(name))));
        return installed.endpoint;
      },
      home: () => installed.home,
      config: () => configOf(named.length > 0 ? Object.values(places) : ['*'], namespace(), actions),
    });
    beforeAll(() => {
      client = createRawClient(installed.endpoint);
    });
    afterAll(() => client.close());

    async function tellsOfTrouble(): Promise<void> {
      const { alice } = stage;
      const inAlerts = { in: 'CALERTS', timeoutMs: ROLLOUT_MS };
      const root = await alice.waitsFor((m) => m.text.includes('*Deployment broken*'), inAlerts);
      const evidence = await alice.waitsFor((m) => m.thread === root.ts && m.text.includes('*Exit code*'), inAlerts);
      expect(evidence.text).toContain('*Exit code* 3');
      expect(evidence.text).toContain('FATAL');
      expect(root.buttons.filter((label) => /Scale|Restart|Logs/.test(label))).toHaveLength(isOn('restart') ? 3 : 2);
      const leases = `/apis/coordination.k8s.io/v1/namespaces/${installed.home}/leases`;
      const { body } = await kit.request('GET', `${leases}/opsbot-agent`);
      expect(body.spec.holderIdentity).not.toBe('');
    }

    async function showsHome(): Promise<void> {
      await stage.alice.opensHome();
      const home = await stage.slack.waitFor(() => {
        const text = stage.alice.home()?.text ?? '';
        return text.includes('`broken`') ? text : undefined;
      });
      const missing = home.split('\n').filter((line) => /may not|is off/.test(line));
      // Nodes, which are in no namespace.
      expect(missing).toHaveLength(named.length === 0 ? 0 : 1);
    }

    async function scalesAndTakesItBack(): Promise<void> {
      const asked = await asks(stage, `scale web 3 -n ${namespace()}`);
      await stage.bob.clicks('Approve', { on: asked.card });
      expect((await asked.shows('Done')).text).toContain('3 of 3 pods ready');
      await stage.carol.clicks('Undo', { on: asked.now() });
      const back = await stage.bob.waitsFor((m) => m.thread === asked.said.ts && m.buttons.includes('Approve'));
      await stage.alice.clicks('Approve', { on: back });
      const isDone = () => stage.bob.thread(asked.said).some((m) => m.ts === back.ts && m.text.includes('Done'));
      await stage.slack.waitFor(isDone, { timeoutMs: ROLLOUT_MS });
      expect(await replicas()).toBe(2);
    }

    async function restarts(): Promise<void> {
      const line = `restart api -n ${namespace()}`;
      if (!isOn('restart')) {
        expect((await answered(stage, line)).text).toContain('restart is turned off here.');
        return;
      }
      const asked = await asks(stage, line);
      await stage.bob.clicks('Approve', { on: asked.card });
      await asked.shows('Done');
    }

    async function reads(): Promise<void> {
      expect((await answered(stage, `logs ${await podOf(of('steady'))} -n ${namespace()}`)).text).toContain(
        'listening on',
      );
      const { text } = await answered(stage, `pods ${namespace()}`);
      expect(text).toContain(isOn('pods') ? 'broken-' : 'pods is turned off here.');
    }

    it('does the whole story: Home, incidents, and every action that is on', async () => {
      await Promise.all([tellsOfTrouble(), showsHome(), scalesAndTakesItBack(), restarts(), reads()]);
    });

    it('finds every right at its start, and meets no refusal but for what only a whole cluster has', async () => {
      await stage.opsbot.logged(({ msg }) => msg === 'opsbot has every right that its configuration needs');
      const refused = stage.opsbot.log.filter((line) => JSON.stringify(line).includes('may not'));
      expect(refused.filter(({ resource }) => named.length === 0 || resource !== 'nodes')).toEqual([]);
    });

    it('may do what the list says, and nothing else: not here, not elsewhere, not in the whole cluster', async () => {
      const namespaces = [...Object.values(places), installed.home, other];
      const listed = installed.grants.flatMap(attemptsOf).filter(({ name }) => name === undefined);
      const expected = listed.flatMap((attempt) => {
        if (attempt.namespace !== undefined || OF_CLUSTER.includes(attempt.resource)) return [attempt];
        return [attempt, ...namespaces.map((one) => ({ ...attempt, namespace: one }))];
      });
      const { allowed, asked } = await allThatIsAllowed(client, namespaces);
      expect(asked).toBeGreaterThan(3_000);
      expect(allowed).toEqual([...ANYBODY, ...expected.map(inWords)].sort());

      const lease = (verb: string, name?: string, where = installed.home) =>
        may(client, { ...LEASE, verb, name, namespace: where });
      expect(await Promise.all(['get', 'update'].map((verb) => lease(verb, 'opsbot-agent')))).toEqual([true, true]);
      const others = ['get', 'update', 'delete', 'patch', 'list', 'watch'].map((verb) => lease(verb, 'kube-scheduler'));
      expect(
        await Promise.all([...others, lease('delete', 'opsbot-agent'), lease('get', 'opsbot-agent', other)]),
      ).not.toContain(true);
    });

    it('is refused by the cluster where it matters most', async () => {
      const core = (where: string) => `/api/v1/namespaces/${where}`;
      const apps = (where: string) => `/apis/apps/v1/namespaces/${where}/deployments`;
      const pod = await podOf(of('steady'));
      const patch = { contentType: 'application/merge-patch+json', body: { spec: { replicas: 0 } } };
      const make = { body: deployment('planted', { namespace: namespace() }) };
      const calls: [string, string, RawOptions?][] = [
        ['DELETE', `${core(namespace())}/pods/${pod}`],
        ['POST', `${core(namespace())}/pods/${pod}/exec?command=id&stdout=true`],
        ['POST', `${core(namespace())}/pods/${pod}/eviction`, { body: {} }],
        ['GET', `${core(namespace())}/secrets`],
        ['GET', `${core(installed.home)}/secrets/opsbot-slack`],
        ['GET', `${core(namespace())}/configmaps/any`],
        ['PATCH', `${apps(namespace())}/web/scale`, patch],
        ['POST', apps(namespace()), make],
        ['DELETE', `${apps(namespace())}/web`],
        ['POST', `${core(installed.home)}/serviceaccounts/opsbot/token`, { body: {} }],
        ['GET', '/api/v1/nodes/any/proxy/pods'],
        ...(named.length > 0
          ? ([
              ['PATCH', `${apps(other)}/web`, patch],
              ['GET', '/api/v1/pods'],
              ['GET', '/api/v1/nodes'],
            ] as [string, string, RawOptions?][])
          : []),
      ];
      const answers = await Promise.all(
        calls.map(async ([method, path, options]) => {
          const { status, body } = await client.request(method, path, options);
          return `${method} ${path}: ${status} ${body?.reason}`;
        }),
      );
      expect(answers).toEqual(calls.map(([method, path]) => `${method} ${path}: 403 Forbidden`));
      expect(await replicas()).toBe(2);
    });
  });
});

/** Of the incidents only those of one namespace: the cluster is other tests' too. */
function configOf(namespaces: readonly string[], namespace: string, actions: readonly string[]): string {
  const rules = [
    { match: { namespace }, channel: 'CALERTS' },
    { match: {}, ignore: true },
  ];
  return JSON.stringify({ namespaces, actions, channels: { alerts: 'CALERTS' }, incidents: { rules } });
}
