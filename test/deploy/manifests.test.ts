import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import { loadFileConfig } from '../../src/config.ts';
import { describeRealCluster } from '../support/clusters.ts';
import { kubeTools } from '../support/kube-tools.ts';
import { linkProblems } from './link-problems.ts';
import { type Manifest, nameOf, parseManifests } from './manifest.ts';
import { render } from './render-chart.ts';
import { restrictedProblems } from './restricted-problems.ts';
import { schemaProblems } from './schema-problems.ts';

/** The overlays as kubectl builds them. */
const DEPLOY = join(import.meta.dirname, '../../deploy');
const OVERLAYS = ['single-namespace', 'cluster-wide', 'ha'] as const;
const run = promisify(execFile);

const built: Record<string, Manifest[]> = {};
beforeAll(async () => {
  const { kubectl } = await kubeTools();
  await Promise.all(
    OVERLAYS.map(async (overlay) => {
      const { stdout, stderr } = await run(kubectl, ['kustomize', join(DEPLOY, 'overlays', overlay)]);
      expect(stderr).toBe('');
      built[overlay] = parseManifests(stdout);
    }),
  );
}, 120_000);

const manifestsOf = (overlay: string) => built[overlay] ?? [];
const find = (overlay: string, kind: string, name = 'opsbot') =>
  manifestsOf(overlay).find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
const podOf = (manifest: Manifest | undefined) => {
  const pod = manifest?.spec?.template?.spec;
  if (!pod) throw new Error('That is no workload.');
  return pod;
};

async function handMadeSecrets(): Promise<Record<string, string[]>> {
  const examples = parseManifests(await readFile(join(DEPLOY, 'base/secrets.example.yaml'), 'utf8'));
  return Object.fromEntries(examples.map(({ metadata, stringData }) => [metadata.name, Object.keys(stringData ?? {})]));
}

describe.each(OVERLAYS)('the overlay %s', (overlay) => {
  test('holds nothing that an API server would refuse', () => {
    const problems = manifestsOf(overlay).flatMap((manifest) =>
      schemaProblems(manifest).map((problem) => `${nameOf(manifest)} ${problem}`),
    );
    expect(problems).toEqual([]);
    expect(manifestsOf(overlay).map(nameOf)).toEqual([...new Set(manifestsOf(overlay).map(nameOf))]);
  });

  test('agrees with itself', async () => {
    const secrets = await handMadeSecrets();
    // The one key that the file only tells of: the address of a Redis elsewhere.
    if (overlay === 'ha') secrets['opsbot-redis'] = ['url'];
    expect(linkProblems(manifestsOf(overlay), secrets)).toEqual([]);
  });

  test('keeps to the Restricted Pod Security Standard, which its namespace enforces', () => {
    const workloads = manifestsOf(overlay).filter(({ spec }) => spec?.template);
    expect(workloads.map(({ kind }) => kind)).toEqual(
      overlay === 'ha' ? ['Deployment'] : ['Deployment', 'StatefulSet'],
    );
    expect(workloads.flatMap((workload) => restrictedProblems(podOf(workload)))).toEqual([]);
    expect(find(overlay, 'Namespace')?.metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  test('has a configuration that opsbot takes, and no secret', () => {
    const config = manifestsOf(overlay).find(({ metadata }) => metadata.name.startsWith('opsbot-config-'));
    const { namespaces } = loadFileConfig(
      { OPSBOT_CONFIG: 'opsbot.yaml' },
      { readFile: () => config?.data?.['opsbot.yaml'] ?? '', actions: actions.map(({ name }) => name) },
    );
    expect(namespaces).toEqual(overlay === 'single-namespace' ? ['default'] : ['*']);
    expect(manifestsOf(overlay).filter(({ kind }) => kind === 'Secret')).toEqual([]);
    expect(JSON.stringify(manifestsOf(overlay))).not.toMatch(/xox|xapp-/);
    const volumes = manifestsOf(overlay).flatMap(({ spec }) => spec?.template?.spec.volumes ?? []);
    const modes = volumes.flatMap(({ secret }) => (secret ? [secret.defaultMode] : []));
    expect(modes).toEqual(modes.map(() => 0o440));
    expect(modes.length).toBeGreaterThan(1);
  });

  test('grants rights in the whole cluster only where that is what it is for', () => {
    const roles = manifestsOf(overlay).filter(({ kind }) => kind.endsWith('Role'));
    expect(roles.map(nameOf).sort()).toEqual(
      overlay === 'single-namespace'
        ? ['Role default/opsbot-agent', 'Role opsbot/opsbot-lease']
        : ['ClusterRole opsbot-agent', 'Role opsbot/opsbot-lease'],
    );
  });

  test('takes the image of this version', async () => {
    const { version } = JSON.parse(await readFile(join(DEPLOY, '../package.json'), 'utf8')) as { version: string };
    expect(podOf(find(overlay, 'Deployment')).containers[0]?.image).toBe(`opsbot:${version}`);
  });
});

test('opsbot has the requests and limits of a small Deployment', () => {
  expect(podOf(find('single-namespace', 'Deployment')).containers[0]?.resources).toEqual({
    requests: { cpu: '50m', memory: '64Mi' },
    limits: { cpu: '200m', memory: '128Mi' },
  });
});

test('with high availability three pods are spread over nodes and zones', () => {
  const deployment = find('ha', 'Deployment');
  expect(deployment?.spec).toMatchObject({
    replicas: 3,
    strategy: { rollingUpdate: { maxUnavailable: 0 } },
    template: {
      spec: {
        topologySpreadConstraints: [
          { topologyKey: 'kubernetes.io/hostname' },
          { topologyKey: 'topology.kubernetes.io/zone' },
        ],
      },
    },
  });
});

describe('the checks can fail', () => {
  const edited = (overlay: string, kind: string, edit: (manifest: Manifest) => void) => {
    const manifests = structuredClone(manifestsOf(overlay));
    const manifest = manifests.find((one) => one.kind === kind && one.metadata.name === 'opsbot');
    if (!manifest) throw new Error(`There is no ${kind}.`);
    edit(manifest);
    return { manifests, manifest };
  };
  const editedPod = (edit: (pod: ReturnType<typeof podOf>) => void) =>
    edited('cluster-wide', 'Deployment', (manifest) => edit(podOf(manifest)));

  test.each<[string, (pod: ReturnType<typeof podOf>) => void, RegExp]>([
    [
      'a field that does not exist',
      (pod) => Object.assign(pod, { restartPolcy: 'Always' }),
      /restartPolcy: there is no/,
    ],
    ['a wrong type', (pod) => Object.assign(pod, { terminationGracePeriodSeconds: '30' }), /Seconds: type/],
    [
      'a wrong quantity',
      (pod) => Object.assign(pod.containers[0] ?? {}, { resources: { limits: { memory: '1 GB' } } }),
      /memory/,
    ],
  ])('%s', (_, edit, problem) => {
    expect(schemaProblems(editedPod(edit).manifest).join('\n')).toMatch(problem);
  });

  test.each<[string, (pod: ReturnType<typeof podOf>) => void, string]>([
    ['the host’s network', (pod) => Object.assign(pod, { hostNetwork: true }), 'hostNetwork is set'],
    ['a folder of the host', (pod) => pod.volumes?.push({ name: 'x', hostPath: {} }), 'volume x is a hostPath'],
    ['root', (pod) => Object.assign(pod.securityContext ?? {}, { runAsUser: 0 }), 'runs as root'],
    ['perhaps root', (pod) => delete pod.securityContext?.runAsNonRoot, 'opsbot: may run as root'],
    ['any system call', (pod) => delete pod.securityContext?.seccompProfile, 'opsbot: has no seccomp profile'],
    ['capabilities', (pod) => delete pod.containers[0]?.securityContext?.capabilities, 'opsbot: keeps capabilities'],
  ])('a pod with %s', (_, edit, problem) => {
    expect(restrictedProblems(podOf(editedPod(edit).manifest))).toContain(problem);
  });

  test.each<[string, (pod: ReturnType<typeof podOf>) => void, string]>([
    ['a probe’s port', (pod) => pod.containers[0]?.ports?.splice(0), 'startupProbe asks no port it has'],
    [
      'a volume’s source',
      (pod) => pod.volumes?.push({ name: 'x', secret: { secretName: 'x' } }),
      'the volume x has no source',
    ],
    [
      'a mounted file',
      (pod) => pod.containers[0]?.env?.push({ name: 'A_FILE', value: '/a' }),
      'nothing is mounted at /a',
    ],
    ['the account', (pod) => Object.assign(pod, { serviceAccountName: 'x' }), 'there is no ServiceAccount x'],
  ])('%s that is missing', (_, edit, problem) => {
    expect(linkProblems(editedPod(edit).manifests, {})).toContain(`Deployment opsbot/opsbot: ${problem}`);
  });

  test('a selector that matches no pods', () => {
    const { manifests } = edited('ha', 'Service', ({ spec }) => Object.assign(spec?.selector ?? {}, { tier: 'x' }));
    expect(linkProblems(manifests, {})).toContain('Service opsbot/opsbot: it is about 0 workloads');
  });

  test.each<[number | string, string]>([
    ['redis', 'it says redis in place of a number'],
    [6380, 'no pod listens on the port 6380'],
  ])('a network rule for the port %s', (port, problem) => {
    const { manifests } = edited('cluster-wide', 'NetworkPolicy', ({ spec }) => {
      const rules = (spec?.egress ?? []) as { ports: { port: number | string }[] }[];
      Object.assign(rules.at(-1)?.ports[0] ?? {}, { port });
    });
    expect(linkProblems(manifests, {})).toContain(`NetworkPolicy opsbot/opsbot: ${problem}`);
  });
});

describeRealCluster('what is installed', (kit) => {
  /** Not opsbot's own: others may install it for real meanwhile. */
  const NAMESPACE = 'opsbot-dry-run';
  /** An API server of v1.20, or one without the Prometheus operator, does not have them. */
  const UNKNOWN = ['PodDisruptionBudget', 'ServiceMonitor', 'PrometheusRule'];

  /** Gives what kubectl says; rejects with its complaint. */
  async function kubectl(args: readonly string[], input = ''): Promise<string> {
    const running = run((await kubeTools()).kubectl, ['--kubeconfig', kit.kubeconfig(), ...args]);
    running.child.stdin?.end(input);
    return (await running).stdout;
  }

  beforeAll(async () => {
    await kubectl(['create', 'namespace', NAMESPACE]);
  });
  afterAll(async () => {
    await kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
  });

  function dryRun(manifests: readonly Manifest[]): Promise<string> {
    const items = manifests
      .filter(({ kind }) => kind !== 'Namespace' && !UNKNOWN.includes(kind))
      .map(({ metadata, ...manifest }) => ({
        ...manifest,
        metadata: { ...metadata, ...(metadata.namespace === 'opsbot' && { namespace: NAMESPACE }) },
      }));
    const list = { apiVersion: 'v1', kind: 'List', items };
    return kubectl(['apply', '--dry-run=server', '-f', '-'], JSON.stringify(list));
  }

  test.each(['single-namespace', 'ha'])('of the overlay %s is taken', async (overlay) => {
    expect(await dryRun(manifestsOf(overlay))).toContain('deployment.apps/opsbot created');
  });

  test('of the chart is taken', async () => {
    const slack = { transport: 'http', botToken: 'xoxb-1', signingSecret: 's' };
    expect(await dryRun(await render({ replicas: 2, slack }))).toContain('statefulset.apps/opsbot-redis created');
  });

  test('and wrong beyond the schema is refused', async () => {
    const manifests = structuredClone(manifestsOf('ha'));
    const pod = podOf(manifests.find(({ kind }) => kind === 'Deployment'));
    Object.assign(pod.containers[0]?.ports?.[0] ?? {}, { name: 'http-of-opsbot-itself' });
    await expect(dryRun(manifests)).rejects.toThrow('must be no more than 15 characters');
  });
});
