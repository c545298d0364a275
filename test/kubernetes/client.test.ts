import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ConflictError, InputError, NotAllowedError, NotFoundError, UnavailableError } from '../../src/errors.ts';
import { type ClusterClient, createClusterClient } from '../../src/kubernetes/client.ts';
import { type Exchange, type ScriptedServer, startScriptedServer } from './scripted-server.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function writeKubeconfig(server: string, user: object = {}, context: object = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'opsbot-client-'));
  cleanups.push(() => rm(directory, { recursive: true }));
  const path = join(directory, 'config');
  await writeFile(
    path,
    JSON.stringify({
      'current-context': 'test',
      clusters: [{ name: 'test', cluster: { server } }],
      users: [{ name: 'test', user }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', ...context } }],
    }),
  );
  return path;
}

async function start(
  answer: (exchange: Exchange, index: number) => void,
  { user = {}, timeoutMs = 2_000 }: { user?: object; timeoutMs?: number } = {},
): Promise<{ client: ClusterClient; server: ScriptedServer; last(): Exchange }> {
  const server = await startScriptedServer(answer);
  const client = createClusterClient({ kubeconfig: await writeKubeconfig(server.url, user), timeoutMs });
  cleanups.push(async () => {
    await client.close();
    await server.close();
  });
  return { client, server, last: () => server.seen.at(-1) as Exchange };
}

const DEPLOYMENT = {
  metadata: {
    name: 'web',
    namespace: 'shop',
    uid: 'u1',
    resourceVersion: '42',
    generation: 7,
    creationTimestamp: '2026-01-01T00:00:00Z',
    annotations: { 'opsbot.dev/request': 'r1.2' },
  },
  spec: {
    replicas: 3,
    paused: true,
    strategy: { type: 'Recreate' },
    selector: {
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['a', 'b'] },
        { key: 'old', operator: 'DoesNotExist' },
      ],
    },
    template: {
      metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': 'then' } },
      spec: { containers: [{ name: 'app', image: 'nginx:1' }] },
    },
  },
  status: {
    observedGeneration: 6,
    replicas: 4,
    updatedReplicas: 2,
    readyReplicas: 1,
    conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'too slow' }],
  },
};
const WEB = { kind: 'Deployment', namespace: 'shop', name: 'web' } as const;

describe('reading', () => {
  it('puts a Deployment into our words', async () => {
    const { client, last } = await start((exchange) => exchange.json(200, DEPLOYMENT));
    expect(await client.getWorkload(WEB)).toEqual({
      ...WEB,
      uid: 'u1',
      resourceVersion: '42',
      generation: 7,
      observedGeneration: 6,
      replicas: 3,
      current: 4,
      updated: 2,
      ready: 1,
      available: 0,
      owner: undefined,
      selector: 'app=web,tier in (a,b),!old',
      containers: [{ name: 'app', image: 'nginx:1' }],
      paused: true,
      strategy: 'Recreate',
      partition: 0,
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'too slow' }],
      marker: 'r1.2',
      restartedAt: 'then',
      createdAt: Date.parse('2026-01-01T00:00:00Z'),
    });
    expect(last().path).toBe('/apis/apps/v1/namespaces/shop/deployments/web');
  });

  it('counts the pods of a DaemonSet by nodes', async () => {
    const status = {
      desiredNumberScheduled: 5,
      currentNumberScheduled: 4,
      updatedNumberScheduled: 3,
      numberReady: 2,
      numberAvailable: 1,
    };
    const { client } = await start((exchange) => exchange.json(200, { metadata: {}, status }));
    const daemon = await client.getWorkload({ kind: 'DaemonSet', namespace: 'shop', name: 'log' });
    expect(daemon).toMatchObject({ replicas: 5, current: 4, updated: 3, ready: 2, available: 1 });
  });

  it('finds workloads of one name among all kinds', async () => {
    const { client } = await start((exchange) => {
      if (exchange.path.includes('/statefulsets/') || exchange.path.includes('/deployments/')) {
        exchange.json(200, DEPLOYMENT);
      } else if (exchange.path.includes('/daemonsets/')) exchange.fail(403, 'no', 'Forbidden');
      else exchange.fail(404, 'not found', 'NotFound');
    });
    const found = await client.findWorkloads('shop', 'web');
    expect(found.map(({ kind }) => kind)).toEqual(['Deployment', 'StatefulSet']);
  });

  it('does not call a name unknown where it may not look', async () => {
    const { client } = await start((exchange) => exchange.fail(403, 'no', 'Forbidden'));
    await expect(client.findWorkloads('shop', 'web')).rejects.toThrow(NotAllowedError);
  });

  it('lists pods page by page, by selector', async () => {
    const pod = (name: string) => ({ metadata: { name, namespace: 'shop' }, status: { phase: 'Pending' } });
    const { client, server } = await start((exchange) => {
      if (exchange.query.get('continue') === 'more') exchange.json(200, { metadata: {}, items: [pod('b')] });
      else exchange.json(200, { metadata: { continue: 'more' }, items: [pod('a')] });
    });
    const pods = await client.listPods('shop', 'app in (web,api)');
    expect(pods.map(({ name, status }) => [name, status])).toEqual([
      ['a', 'Pending'],
      ['b', 'Pending'],
    ]);
    expect(server.seen.map(({ query }) => query.get('labelSelector'))).toEqual([
      'app in (web,api)',
      'app in (web,api)',
    ]);
  });

  it('begins a list again that grew too old between two pages', async () => {
    const pod = (name: string) => ({ metadata: { name } });
    const { client } = await start((exchange, index) => {
      if (exchange.query.get('continue') === null)
        exchange.json(200, { metadata: { continue: 'x' }, items: [pod('a')] });
      else if (index === 1) exchange.fail(410, 'too old', 'Expired');
      else exchange.json(200, { metadata: {}, items: [pod('b')] });
    });
    expect((await client.listPods('shop')).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('tells what ails a pod and its containers', async () => {
    const { client } = await start((exchange) =>
      exchange.json(200, {
        metadata: {
          name: 'web-1',
          namespace: 'shop',
          uid: 'p1',
          labels: { 'pod-template-hash': 'abc' },
          ownerReferences: [
            { kind: 'Node', name: 'x', uid: 'n' },
            { kind: 'ReplicaSet', name: 'web', uid: 'r', controller: true },
          ],
        },
        spec: {
          containers: [{ name: 'app', resources: { limits: { memory: '64Mi' } } }],
          initContainers: [{ name: 'prepare' }],
        },
        status: {
          phase: 'Running',
          conditions: [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available' }],
          initContainerStatuses: [
            { name: 'prepare', ready: true, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
          ],
          containerStatuses: [
            {
              name: 'app',
              ready: false,
              restartCount: 4,
              state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
              lastState: { terminated: { exitCode: 137, finishedAt: '2026-01-01T00:00:00Z' } },
            },
          ],
        },
      }),
    );
    const pod = await client.getPod('shop', 'web-1');
    expect(pod).toMatchObject({
      status: 'CrashLoopBackOff',
      restarts: 4,
      restartedAt: Date.parse('2026-01-01T00:00:00Z'),
      owner: { kind: 'ReplicaSet', name: 'web', uid: 'r' },
      templateHash: 'abc',
      unschedulable: '0/3 nodes are available',
      isReady: false,
      deleting: false,
      node: undefined,
    });
    expect(pod.containers).toEqual([
      {
        name: 'prepare',
        init: true,
        ready: true,
        restarts: 0,
        state: 'terminated',
        reason: 'Completed',
        message: undefined,
        exitCode: 0,
        lastEnd: undefined,
        memoryLimit: undefined,
      },
      {
        name: 'app',
        init: false,
        ready: false,
        restarts: 4,
        state: 'waiting',
        reason: 'CrashLoopBackOff',
        message: 'back-off 40s',
        exitCode: 137,
        lastEnd: { reason: 'Error', exitCode: 137, at: Date.parse('2026-01-01T00:00:00Z') },
        memoryLimit: '64Mi',
      },
    ]);
  });

  it('finds the autoscaler of a workload, and does without where it may not look', async () => {
    const target = (kind: string, name: string) => ({
      metadata: { name: `${name}-hpa` },
      spec: { scaleTargetRef: { kind, name }, minReplicas: 2, maxReplicas: 9 },
    });
    const items = [target('StatefulSet', 'web'), target('Deployment', 'web')];
    const allowed = await start((exchange) => exchange.json(200, { items }));
    expect(await allowed.client.findAutoscaler(WEB)).toEqual({ name: 'web-hpa', min: 2, max: 9 });
    expect(await allowed.client.findAutoscaler({ ...WEB, name: 'api' })).toBeUndefined();
    const denied = await start((exchange) => exchange.fail(403, 'no', 'Forbidden'));
    expect(await denied.client.findAutoscaler(WEB)).toBeUndefined();
  });

  it('lists the events of one object, newest first', async () => {
    const { client, last } = await start((exchange) =>
      exchange.json(200, {
        items: [
          { type: 'Normal', reason: 'Pulled', message: 'a', count: 3, lastTimestamp: '2026-01-01T00:00:00Z' },
          {
            type: 'Warning',
            reason: 'BackOff',
            message: 'b',
            eventTime: '2026-01-02T00:00:00.000000Z',
            lastTimestamp: null,
          },
        ],
      }),
    );
    const events = await client.listEvents('shop', 'u1');
    expect(events.map(({ reason, count, lastSeen }) => [reason, count, lastSeen])).toEqual([
      ['BackOff', 1, Date.parse('2026-01-02')],
      ['Pulled', 3, Date.parse('2026-01-01')],
    ]);
    expect(last().query.get('fieldSelector')).toBe('involvedObject.uid=u1');
  });

  it('lists the pod templates that a Deployment has had, newest first, and none of another one', async () => {
    const replicaSet = (revision: string, image: string, uid = 'u1') => ({
      metadata: {
        name: `web-${revision}`,
        creationTimestamp: `2026-01-0${revision}T00:00:00Z`,
        annotations: { 'deployment.kubernetes.io/revision': revision },
        ownerReferences: [{ kind: 'Deployment', name: 'web', uid, controller: true }],
      },
      spec: { template: { spec: { containers: [{ name: 'app', image }] } } },
    });
    const { client, server, last } = await start((exchange) => {
      if (exchange.path.includes('/forbidden/')) exchange.fail(403, 'no', 'Forbidden');
      else
        exchange.json(200, { items: [replicaSet('1', 'web:1'), replicaSet('2', 'web:2'), replicaSet('3', 'x', 'u9')] });
    });
    const web = { ...WEB, uid: 'u1', selector: 'app=web' };
    expect(await client.listRevisions(web)).toEqual([
      { revision: 2, createdAt: Date.parse('2026-01-02'), containers: [{ name: 'app', image: 'web:2' }] },
      { revision: 1, createdAt: Date.parse('2026-01-01'), containers: [{ name: 'app', image: 'web:1' }] },
    ]);
    expect(last().path).toBe('/apis/apps/v1/namespaces/shop/replicasets');
    expect(last().query.get('labelSelector')).toBe('app=web');
    expect(await client.listRevisions({ ...web, namespace: 'forbidden' })).toEqual([]);
    expect(await client.listRevisions({ ...web, kind: 'StatefulSet' })).toEqual([]);
    expect(server.seen).toHaveLength(2);
  });

  it('asks for one right at a time', async () => {
    const { client, last } = await start((exchange) =>
      exchange.json(201, { status: { allowed: JSON.parse(exchange.body).spec.resourceAttributes.verb === 'patch' } }),
    );
    const right = { group: 'apps', resource: 'deployments', namespace: 'shop' };
    expect(await client.can({ verb: 'patch', ...right })).toBe(true);
    expect(await client.can({ verb: 'delete', ...right })).toBe(false);
    expect(JSON.parse(last().body).spec.resourceAttributes).toEqual({ verb: 'delete', ...right });
  });

  it('does not let a name climb in the path', async () => {
    const { client, server } = await start((exchange) => exchange.json(200, {}));
    await client.getPod('shop', 'a/../../secrets?x=1');
    expect(server.seen[0]?.path).toBe('/api/v1/namespaces/shop/pods/a%2F..%2F..%2Fsecrets%3Fx%3D1');
    for (const name of ['', '.', '..']) await expect(client.getPod('shop', name)).rejects.toThrow(InputError);
    expect(server.seen).toHaveLength(1);
  });
});

describe('logs', () => {
  it('asks for the end of a container’s log', async () => {
    const { client, last } = await start(({ res }) => res.end('one\ntwo\n'));
    const log = { container: 'app', tail: 50, sinceSeconds: 600, previous: true };
    expect(await client.readLogs('shop', 'web-1', log)).toBe('one\ntwo\n');
    expect(last().path).toBe('/api/v1/namespaces/shop/pods/web-1/log');
    expect(Object.fromEntries(last().query)).toEqual({
      container: 'app',
      tailLines: '50',
      sinceSeconds: '600',
      previous: 'true',
    });
  });

  it('keeps the last bytes, from the beginning of a line', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ü`).join('\n');
    const { client } = await start(({ res }) => res.end(lines));
    const log = await client.readLogs('shop', 'web-1', { limitBytes: 1_000 });
    expect(Buffer.byteLength(log)).toBeLessThanOrEqual(1_000);
    expect(Buffer.byteLength(log)).toBeGreaterThan(980);
    expect(log.startsWith('line ')).toBe(true);
    expect(lines.endsWith(log)).toBe(true);
  });

  it('keeps the end of one endless line', async () => {
    const { client } = await start(({ res }) => res.end(`${'x'.repeat(10_000_000)} the end\n`));
    const log = await client.readLogs('shop', 'web-1', { limitBytes: 1_000 });
    expect(log).toHaveLength(1_000);
    expect(log.endsWith('x the end\n')).toBe(true);
  });

  it('passes on why there is no log yet', async () => {
    const reason = 'container "app" in pod "web-1" is waiting to start: ContainerCreating';
    const { client } = await start((exchange) => exchange.fail(400, reason, 'BadRequest'));
    const failure = client.readLogs('shop', 'web-1', {});
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(reason);
  });
});

describe('patching', () => {
  it('is conditional, and writes the marker with the change', async () => {
    const { client, last } = await start((exchange) => exchange.json(200, DEPLOYMENT));
    const patch = { metadata: { annotations: { note: 'x' }, resourceVersion: '1' }, spec: { replicas: 5 } };
    const patched = await client.patchWorkload(WEB, patch, { resourceVersion: '41', marker: 'r1.2' });
    expect(patched.resourceVersion).toBe('42');
    expect(last().method).toBe('PATCH');
    expect(last().headers['content-type']).toBe('application/merge-patch+json');
    expect(JSON.parse(last().body)).toEqual({
      metadata: { annotations: { note: 'x', 'opsbot.dev/request': 'r1.2' }, resourceVersion: '41' },
      spec: { replicas: 5 },
    });
  });

  it('is never sent twice, even where the connection breaks', async () => {
    const { client, server } = await start((exchange) => exchange.res.destroy());
    const patching = client.patchWorkload(WEB, {}, { resourceVersion: '1', marker: 'm' });
    await expect(patching).rejects.toThrow(UnavailableError);
    expect(server.seen).toHaveLength(1);
  });
});

describe('errors', () => {
  const get = (client: ClusterClient) => client.getWorkload(WEB);
  const patch = (client: ClusterClient) => client.patchWorkload(WEB, {}, { resourceVersion: '1', marker: 'm' });

  it.each([
    [404, 'x', get, NotFoundError, 'There is no Deployment web in namespace shop.'],
    [
      403,
      'deployments.apps is forbidden: User "bot" cannot get resource "deployments"',
      get,
      NotAllowedError,
      'opsbot may not get deployments in namespace shop.',
    ],
    [
      403,
      'User "bot" cannot patch resource "deployments" in API group',
      patch,
      NotAllowedError,
      'opsbot may not patch deployments in namespace shop.',
    ],
    [
      403,
      'admission webhook "guard" denied the request: frozen',
      patch,
      NotAllowedError,
      'The cluster refuses it: admission webhook "guard" denied the request: frozen',
    ],
    [
      409,
      'the object has been modified',
      patch,
      ConflictError,
      'Deployment shop/web was changed by somebody else at the same time.',
    ],
    [422, 'spec.replicas: Invalid value: -1', patch, InputError, 'spec.replicas: Invalid value: -1'],
    [401, 'Unauthorized', get, UnavailableError, 'The cluster does not accept opsbot’s credentials.'],
    [429, 'slow down', get, UnavailableError, 'The cluster’s API server is too busy.'],
    [
      500,
      'secret internals',
      get,
      UnavailableError,
      'The cluster could not get deployments web in namespace shop (HTTP 500).',
    ],
  ] as const)('%i %s', async (code, message, call, type, words) => {
    const { client } = await start((exchange) => exchange.fail(code, message));
    const failure = await call(client).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(type);
    expect((failure as Error).message).toBe(words);
  });

  it('says which right is missing', async () => {
    const { client } = await start((exchange) => exchange.fail(403, 'no'));
    const failure = await client.readLogs('shop', 'web-1', {}).catch((error: NotAllowedError) => error);
    expect(failure).toMatchObject({
      message: 'opsbot may not get pods/log in namespace shop.',
      advice: 'Its account needs the verb “get” on “pods/log” in API group “”.',
    });
  });

  it('cuts long messages and shows nothing of a body that is not the API server’s', async () => {
    const long = await start((exchange) => exchange.fail(422, 'x '.repeat(5_000)));
    const cut = await patch(long.client).catch((error: Error) => error.message);
    expect(cut).toHaveLength(300);
    const proxy = await start((exchange) => exchange.json(400, { message: 'internal address 10.0.0.1' }));
    const hidden = await patch(proxy.client).catch((error: Error) => error.message);
    expect(hidden).toBe('The cluster refuses to patch deployments web in namespace shop.');
  });

  it('takes a 200 that is no JSON for no answer', async () => {
    const { client } = await start(({ res }) => res.end('<html>log in</html>'));
    await expect(get(client)).rejects.toThrow(UnavailableError);
  });

  it('gives up after its deadline', async () => {
    const { client, last } = await start(() => {}, { timeoutMs: 50 });
    await expect(get(client)).rejects.toThrow('The cluster does not answer');
    expect(last().res.writableEnded).toBe(false);
  });

  it('gives up after its deadline in the middle of a body', async () => {
    const { client } = await start((exchange) => exchange.stream().bytes('{"metadata":'), { timeoutMs: 100 });
    await expect(get(client)).rejects.toThrow(UnavailableError);
  });

  it('stops with the caller’s signal, and for its reason', async () => {
    const controller = new AbortController();
    const { client } = await start(() => controller.abort(new Error('stopped')));
    await expect(client.getWorkload(WEB, { signal: controller.signal })).rejects.toThrow('stopped');
    await expect(client.getWorkload(WEB, { signal: controller.signal })).rejects.toThrow('stopped');
  });

  it('says so where nobody listens', async () => {
    const client = createClusterClient({ kubeconfig: await writeKubeconfig('http://127.0.0.1:1') });
    cleanups.push(() => client.close());
    await expect(get(client)).rejects.toThrow('The cluster does not answer: opsbot could not get deployments web');
  });
});

describe('connection and credentials', () => {
  it('keeps connections alive for calls in a row', async () => {
    const { client, server } = await start((exchange) => exchange.json(200, DEPLOYMENT));
    for (let call = 0; call < 20; call++) await client.getWorkload(WEB);
    // A call may begin a moment before the connection of the last one is free again.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('reads again over a new connection where the server has closed the kept one', async () => {
    const { client } = await start((exchange, index) => {
      if (index === 1) exchange.res.destroy();
      else exchange.json(200, DEPLOYMENT);
    });
    await client.getWorkload(WEB);
    expect((await client.getWorkload(WEB)).name).toBe('web');
  });

  it('sends token and impersonation, groups one by one', async () => {
    const user = { token: 'secret', as: 'jane', 'as-groups': ['sre', 'dev'] };
    const { client, last } = await start((exchange) => exchange.json(200, DEPLOYMENT), { user });
    await client.getWorkload(WEB);
    expect(last().headers.authorization).toBe('Bearer secret');
    expect(last().headers['impersonate-user']).toBe('jane');
    const groups = last().rawHeaders.filter((_, index, all) => all[index - 1]?.toLowerCase() === 'impersonate-group');
    expect(groups).toEqual(['sre', 'dev']);
  });

  it('runs an exec plugin once for calls that start together', async () => {
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: {} };
    const script = `console.log(JSON.stringify({...${JSON.stringify(credential)}, status: {token: "by-" + process.pid}}))`;
    const user = { exec: { apiVersion: credential.apiVersion, command: process.execPath, args: ['-e', script] } };
    const { client, server } = await start((exchange) => exchange.json(200, DEPLOYMENT), { user, timeoutMs: 10_000 });
    await Promise.all([client.getWorkload(WEB), client.getWorkload(WEB), client.getWorkload(WEB)]);
    const tokens = new Set(server.seen.map(({ headers }) => headers.authorization));
    expect([...tokens]).toEqual([expect.stringMatching(/^Bearer by-\d+$/)]);
  });

  it('says that credentials failed without showing what the plugin printed', async () => {
    const user = { exec: { command: process.execPath, args: ['-e', 'console.error("secret"); process.exit(1)'] } };
    const { client } = await start((exchange) => exchange.json(200, DEPLOYMENT), { user, timeoutMs: 10_000 });
    const failure = await client.getWorkload(WEB).catch((error: Error) => error);
    expect(failure).toMatchObject({
      kind: 'unavailable',
      message: 'opsbot cannot get its credentials for the cluster.',
    });
  });

  it('reads a token file beside the kubeconfig', async () => {
    const server = await startScriptedServer((exchange) => exchange.json(200, DEPLOYMENT));
    const kubeconfig = await writeKubeconfig(server.url, { tokenFile: 'token' });
    await writeFile(join(kubeconfig, '..', 'token'), 'from-file\n');
    const client = createClusterClient({ kubeconfig });
    cleanups.push(async () => {
      await client.close();
      await server.close();
    });
    await client.getWorkload(WEB);
    expect(server.seen[0]?.headers.authorization).toBe('Bearer from-file');
  });

  it('says what is wrong with a kubeconfig', async () => {
    expect(() => createClusterClient({ kubeconfig: '/nowhere/config' })).toThrow(
      'The kubeconfig /nowhere/config cannot be read: there is no such file.',
    );
    const path = await writeKubeconfig('http://127.0.0.1:1');
    await writeFile(path, 'users: [{token: secret');
    expect(() => createClusterClient({ kubeconfig: path })).toThrow('it is not valid YAML');
    await writeFile(path, '{"clusters": [], "users": [], "contexts": [], "current-context": "prod"}');
    expect(() => createClusterClient({ kubeconfig: path })).toThrow('no usable current-context (it says “prod”)');
  });

  it('knows the namespace that it is in', async () => {
    const namespaceIn = async (context: object) => {
      const client = createClusterClient({ kubeconfig: await writeKubeconfig('http://127.0.0.1:1', {}, context) });
      cleanups.push(() => client.close());
      return client.namespace;
    };
    expect(await namespaceIn({ namespace: 'bots' })).toBe('bots');
    expect(await namespaceIn({ namespace: '' })).toBe('default');
    expect(await namespaceIn({})).toBe('default');
  });

  it('joins several kubeconfigs, the first to say something winning', async () => {
    const { server, client } = await start((exchange) => exchange.json(200, DEPLOYMENT));
    await client.close();
    const first = await writeKubeconfig(server.url);
    const second = await writeKubeconfig('http://127.0.0.1:1');
    const joined = createClusterClient({ kubeconfig: `${first}:${second}` });
    cleanups.push(() => joined.close());
    expect((await joined.getWorkload(WEB)).name).toBe('web');
  });
});
