import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import { loadFileConfig } from '../../src/config.ts';
import { rbacDocuments } from '../../src/rbac.ts';
import { granted } from './granted.ts';
import { type HandMadeSecrets, linkProblems } from './link-problems.ts';
import { type Container, type Manifest, nameOf, type PodSpec, parseManifests } from './manifest.ts';
import { CHART, install, render, renderAll, type Values } from './render-chart.ts';
import { restrictedProblems } from './restricted-problems.ts';
import { schemaProblems } from './schema-problems.ts';

const SECRETS = { bot: 'xoxb-s3cret', app: 'xapp-s3cret', signing: 's3cret-signing', password: 's3cret "quoted"' };
const URL = 'rediss://:s3cret@redis.example.com:6379';
/** Where whoever installs opsbot has made the Secrets by hand. */
const BY_HAND: HandMadeSecrets = {
  'my-slack': ['bot-token', 'app-token', 'signing-secret'],
  'my-password': ['password'],
  'my-url': ['url'],
};
const CONFIG = {
  channels: { requests: 'C0123456789', alerts: 'C0123456780' },
  policy: [{ match: { action: ['scale'], namespace: 'prod-*' }, approvals: 2, expires: '30m' }],
  incidents: { quiet: '5m' },
  audit: { channel: 'C0123456780', file: 'stdout', keep: '400d' },
};

/** One choice of each option, in every combination. */
function combinations(options: Record<string, readonly Values[]>): Values[] {
  return Object.values(options).reduce<Values[]>(
    (all, choices) => all.flatMap((values) => choices.map((choice) => merged(values, choice))),
    [{}],
  );
}

function merged(one: Values, other: Values): Values {
  const both = Object.entries(other).map(([key, value]) => [
    key,
    isObject(one[key]) && isObject(value) ? merged(one[key], value) : value,
  ]);
  return { ...one, ...Object.fromEntries(both) };
}

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const roles = [{ roles: ['hub', 'agent'] }, { roles: ['hub'] }, { roles: ['agent'] }];
const redis = [
  { redis: { enabled: true, existingSecret: 'my-password' } },
  { redis: { enabled: false, existingSecret: 'my-url' } },
];

const namespaces = [{}, { namespaces: ['shop', 'opsbot'] }, { namespaces: ['team-*', 'shop'] }];
const byHand = [{ slack: { existingSecret: 'my-slack' }, config: CONFIG }];

const MAIN = combinations({
  byHand,
  roles,
  redis,
  namespaces,
  replicas: [{}, { replicas: 3 }],
  networkPolicy: [{}, { networkPolicy: { enabled: false }, pdb: { enabled: false } }],
  monitoring: [
    {},
    { serviceMonitor: { enabled: true, labels: { release: 'prometheus' } }, prometheusRule: { enabled: true } },
  ],
});

const WITH_ACTIONS = combinations({
  byHand,
  roles,
  namespaces,
  redis: redis.slice(0, 1),
  actions: [{ actions: ['scale', 'logs'] }, { actions: ['pods'] }, { actions: [] }],
});

const WITH_SECRETS = combinations({
  roles,
  redis: [...redis, { redis: { password: SECRETS.password } }, { redis: { enabled: false, url: URL } }],
  transport: [{}, { slack: { transport: 'http' } }],
  slack: [
    { slack: { existingSecret: 'my-slack' } },
    { slack: { botToken: SECRETS.bot, appToken: SECRETS.app, signingSecret: SECRETS.signing } },
  ],
});

const ALL = [...MAIN, ...WITH_ACTIONS, ...WITH_SECRETS];
let renderings: { values: Values; manifests: Manifest[] }[];
beforeAll(async () => {
  const rendered = await renderAll(ALL);
  renderings = ALL.map((values, index) => ({ values, manifests: rendered[index] ?? [] }));
}, 120_000);

const has = ({ roles: chosen }: Values, role: string) => (chosen as string[]).includes(role);
const find = (manifests: readonly Manifest[], kind: string, name = 'opsbot') =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
const podOf = (manifests: readonly Manifest[]) => find(manifests, 'Deployment')?.spec?.template?.spec as PodSpec;

/** The problems of all renderings, each with the values it comes with. */
function problemsOf(check: (manifests: Manifest[], values: Values) => readonly string[]): string[] {
  return renderings.flatMap(({ values, manifests }) =>
    check(manifests, values).map((problem) => `${problem} with ${JSON.stringify(values)}`),
  );
}

describe('every combination of the main options', () => {
  test('is one that the schema of the values allows', async () => {
    const allows = new Ajv({ allowUnionTypes: true }).compile(
      JSON.parse(await readFile(join(CHART, 'values.schema.json'), 'utf8')),
    );
    expect(
      problemsOf((_, values) => (allows(values) ? [] : (allows.errors ?? []).map((error) => JSON.stringify(error)))),
    ).toEqual([]);
  });

  test('gives what an API server takes', () => {
    expect(renderings.length).toBe(219);
    const known = new Map<Manifest, string[]>();
    const check = (manifest: Manifest) => {
      const problems = known.get(manifest) ?? schemaProblems(manifest);
      known.set(manifest, problems);
      return problems.map((problem) => `${nameOf(manifest)} ${problem}`);
    };
    expect(problemsOf((manifests) => manifests.flatMap(check))).toEqual([]);
  });

  test('agrees with itself', () => {
    expect(problemsOf((manifests) => linkProblems(manifests, BY_HAND))).toEqual([]);
    expect(problemsOf((manifests) => repeated(manifests.map(nameOf)))).toEqual([]);
  });

  test('keeps to the Restricted Pod Security Standard', () => {
    const pods = (manifests: Manifest[]) => manifests.flatMap(({ spec }) => spec?.template?.spec ?? []);
    expect(problemsOf((manifests) => pods(manifests).flatMap(restrictedProblems))).toEqual([]);
  });

  test('grants exactly what `opsbot rbac` prints, and nothing where there is no agent', () => {
    expect(
      problemsOf((manifests, values) => {
        const names = values.actions as string[] | undefined;
        const documents = rbacDocuments({
          namespaces: (values.namespaces as string[] | undefined) ?? ['*'],
          actions: actions.filter(({ name }) => names?.includes(name) ?? true),
          home: 'opsbot',
          serviceAccount: 'opsbot',
        });
        const wanted = has(values, 'agent') ? granted(documents) : new Set<string>();
        return different(granted(manifests), wanted);
      }),
    ).toEqual([]);
    const tokens = renderings.map(({ manifests }) => podOf(manifests).automountServiceAccountToken);
    expect(tokens).toEqual(renderings.map(({ values }) => has(values, 'agent')));
  });

  test('has a configuration that opsbot takes, with what the values say', () => {
    for (const { values, manifests } of renderings) {
      const text = find(manifests, 'ConfigMap', 'opsbot-config')?.data?.['opsbot.yaml'] ?? '';
      const config = loadFileConfig(
        { OPSBOT_CONFIG: 'opsbot.yaml' },
        { readFile: () => text, actions: actions.map(({ name }) => name) },
      );
      expect(config.namespaces).toEqual(values.namespaces ?? ['*']);
      expect(config.actions).toEqual(values.actions);
      if (values.config) expect(config).toMatchObject({ channels: CONFIG.channels, policy: [{ approvals: 2 }] });
    }
  });

  test('shows a secret nowhere but in a Secret', () => {
    const open = (manifests: Manifest[]) => manifests.filter(({ kind }) => kind !== 'Secret');
    expect(problemsOf((manifests) => (JSON.stringify(open(manifests)).includes('s3cret') ? ['s3cret'] : []))).toEqual(
      [],
    );
    const held = renderings.flatMap(({ manifests }) =>
      manifests.flatMap(({ kind, stringData }) => (kind === 'Secret' ? Object.values(stringData ?? {}) : [])),
    );
    expect(new Set(held)).toEqual(new Set([...Object.values(SECRETS), URL]));
  });

  test('tells opsbot its roles and gives a hub, and nobody else, Slack’s secrets', () => {
    for (const { values, manifests } of renderings) {
      const env = podOf(manifests).containers[0]?.env ?? [];
      expect(env).toContainEqual({ name: 'OPSBOT_ROLES', value: (values.roles as string[]).join(',') });
      expect(env.some(({ name }) => name.startsWith('SLACK_'))).toBe(has(values, 'hub'));
    }
  });

  test('has Redis, network rules and monitoring where they are asked for', () => {
    for (const { values, manifests } of renderings) {
      const { redis: ofRedis, networkPolicy, serviceMonitor, replicas = 1 } = values as Values & { redis: Values };
      const kinds = manifests.map(({ kind }) => kind);
      const own = ofRedis.enabled !== false;
      expect(kinds.filter((kind) => kind === 'StatefulSet')).toHaveLength(own ? 1 : 0);
      expect(kinds.filter((kind) => kind === 'NetworkPolicy')).toHaveLength(networkPolicy ? 0 : own ? 2 : 1);
      const monitors = kinds.filter((kind) => kind === 'ServiceMonitor' || kind === 'PrometheusRule');
      expect(monitors).toHaveLength(serviceMonitor ? 2 : 0);
      expect(find(manifests, 'Deployment')?.spec?.replicas).toBe(replicas);
    }
  });
});

const different = (some: ReadonlySet<string>, others: ReadonlySet<string>) => [
  ...[...some].filter((one) => !others.has(one)).map((one) => `too much: ${one}`),
  ...[...others].filter((one) => !some.has(one)).map((one) => `missing: ${one}`),
];

const repeated = (names: readonly string[]) => names.filter((name, index) => names.indexOf(name) !== index);

test('the chart by itself gives what it gives as one of many', async () => {
  const last = ALL.length - 1;
  expect(await render(ALL[last] ?? {})).toEqual(expect.arrayContaining(renderings[last]?.manifests ?? []));
});

test('the pods are those of the overlays', async () => {
  const base = join(CHART, '../base');
  const read = async (path: string) => parseManifests(await readFile(join(base, path), 'utf8'))[0] as Manifest;
  const manifests = await render({});
  const alike = ({ containers: [container], ...pod }: PodSpec) => {
    // What the chart has values for, or names of its own.
    const { image, env, imagePullPolicy, ...inside } = container as Container;
    return { ...pod, container: inside, volumes: pod.volumes?.map(({ name, secret }) => [name, secret?.defaultMode]) };
  };
  for (const [path, kind, name] of [
    ['deployment.yaml', 'Deployment', 'opsbot'],
    ['redis/stateful-set.yaml', 'StatefulSet', 'opsbot-redis'],
  ] as const) {
    const overlays = await read(path);
    const { template: theirs, selector: _, ...spec } = overlays.spec ?? {};
    const { template: ours, selector: __, ...own } = find(manifests, kind, name)?.spec ?? {};
    expect(own).toEqual(spec);
    expect(alike(ours?.spec as PodSpec)).toEqual(alike(theirs?.spec as PodSpec));
  }
});

test('a release of another name shares no name with it', async () => {
  const names = (await render({}, 'blue')).map(nameOf);
  expect(names).toContain('Deployment opsbot/blue-opsbot');
  expect(names.filter((name) => !name.includes('blue-opsbot'))).toEqual([]);
});

test('a release may have the longest name there is, or a number for one', async () => {
  const long = await render({}, 'a'.repeat(53));
  expect(linkProblems(long, { 'opsbot-slack': ['bot-token', 'app-token'], 'opsbot-redis': ['password'] })).toEqual([]);
  const set = long.find(({ kind }) => kind === 'StatefulSet');
  // Kubernetes makes a label of it for its pods, with a hash of ten characters behind it.
  expect(`${set?.metadata.name}-0123456789`.length).toBeLessThanOrEqual(63);
  expect((await render({}, '123')).flatMap(schemaProblems)).toEqual([]);
});

test.each([
  [{ url: 'rediss://:p%40ss:1@redis.example.com:6380/0' }, 6380],
  [{ url: 'redis://redis.example.com', port: 7000 }, 7000],
  [{ existingSecret: 'my-url', port: 7001 }, 7001],
])('the way out to a Redis elsewhere is its port: %j', async (redis, port) => {
  const manifests = await render({ redis: { enabled: false, ...redis } });
  expect(find(manifests, 'NetworkPolicy')?.spec?.egress).toContainEqual({ ports: [{ protocol: 'TCP', port }] });
});

test('more pods are for agents alone, or by HTTP', async () => {
  for (const values of [{ roles: ['agent'] }, { slack: { transport: 'http' } }]) {
    expect(find(await render({ ...values, replicas: 5 }), 'Deployment')?.spec?.replicas).toBe(5);
  }
});

test('a configuration without a line in it is none', async () => {
  const config = find(await render({ config: null }), 'ConfigMap', 'opsbot-config');
  expect(config?.data?.['opsbot.yaml']).toBe("namespaces:\n- '*'\n");
});

test('alert rules are taken as they are, templates of theirs and all', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'opsbot-alerts-'));
  try {
    await cp(CHART, folder, { recursive: true });
    const rule = { alert: 'Down', expr: 'up == 0', annotations: { summary: '{{ $labels.pod }} is down' } };
    const groups = [{ name: 'opsbot', rules: [rule] }];
    await writeFile(join(folder, 'files/alerts.yaml'), JSON.stringify({ groups }));
    const manifests = await render({ prometheusRule: { enabled: true } }, 'opsbot', folder);
    expect(find(manifests, 'PrometheusRule')?.spec).toEqual({ groups });
    await rm(join(folder, 'files/alerts.yaml'));
    expect(await install({ prometheusRule: { enabled: true } }, folder)).toContain('this chart has no alert rules');
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.each<[string, Values, string]>([
  ['a key that does not exist', { replica: 3 }, "'replica' not allowed"],
  ['a key of the configuration in the wrong place', { config: { namespaces: ['a'] } }, "'namespaces' not allowed"],
  ['a wrong type', { replicas: '3' }, 'got string, want integer'],
  ['no role', { roles: [] }, 'minItems'],
  [
    'an action that does not exist',
    { actions: ['scael'] },
    'there is no action "scael". There are: logs, pods, restart, scale.',
  ],
  ['a Redis elsewhere beside one of its own', { redis: { url: URL } }, 'set redis.enabled to false'],
  ['more pods than Slack takes connections of', { replicas: 5 }, 'by Socket Mode 4 are the most'],
  ['half of Slack’s secrets', { slack: { botToken: 'xoxb-1' } }, 'slack.appToken is missing'],
])('%s is refused', async (_, values, says) => {
  await expect(render(values)).rejects.toThrow(says);
});

test('every value has a default, a description, and takes what the default is', async () => {
  const [schema, values] = await Promise.all([
    readFile(join(CHART, 'values.schema.json'), 'utf8'),
    readFile(join(CHART, 'values.yaml'), 'utf8'),
  ]);
  const keysOf = (value: Values): string[] =>
    Object.entries(value).flatMap(([key, inner]) => [key, ...(isObject(inner) ? keysOf(inner) : [])]);
  interface Schema {
    description?: string;
    properties?: Record<string, Schema>;
    additionalProperties?: unknown;
  }
  const described = ({ properties = {} }: Schema, path = ''): string[] =>
    Object.entries(properties).flatMap(([key, inner]) => [
      ...(inner.description || path === '.resources' || path === '.redis.resources' ? [] : [`${path}.${key}`]),
      ...described(inner, `${path}.${key}`),
    ]);
  const root = JSON.parse(schema) as Schema;
  expect(described(root)).toEqual([]);
  expect(root.additionalProperties).toBe(false);
  const defaults = parseManifests(values)[0] as unknown as Values;
  expect(Object.keys(root.properties ?? {}).filter((key) => key !== 'global')).toEqual(Object.keys(defaults));
  expect(keysOf(defaults).length).toBeGreaterThan(40);
});

describe('the notes', () => {
  test('name the Secrets that are missing, and how to make them', async () => {
    const notes = await install({ slack: { transport: 'http' } });
    expect(notes).toContain(
      'create secret generic opsbot-slack --from-literal=bot-token=xoxb-… --from-literal=signing-secret=…',
    );
    expect(notes).toContain('create secret generic opsbot-redis --from-literal=password="$(openssl rand -hex 32)"');
    expect(notes).toContain('to the port 3000 of the Service opsbot');
  });

  test('say what hub and agent have to have in common, where only one of them runs here', async () => {
    const notes = await install({ roles: ['agent'], cluster: 'eu', redis: { password: 'p' }, config: null });
    expect(notes).toContain('The hub needs the same Redis and the same name of the cluster (eu).');
    expect(notes).toContain('redis://:<password>@opsbot-redis:6379');
    expect(notes).not.toContain('No channel');
  });

  test('ask for nothing that is there', async () => {
    const notes = await install({ roles: ['agent'], redis: { enabled: false, url: URL } });
    expect(notes).toContain('Watch it come up');
    expect(notes).not.toMatch(/Still missing|No channel|invite/);
  });
});

test('the chart is of this version', async () => {
  const { version } = JSON.parse(await readFile(join(CHART, '../../package.json'), 'utf8')) as { version: string };
  const [chart] = parseManifests(await readFile(join(CHART, 'Chart.yaml'), 'utf8'));
  expect(chart).toMatchObject({ version, appVersion: version });
});
