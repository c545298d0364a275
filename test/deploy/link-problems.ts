import { posix } from 'node:path';
import { type Container, type Manifest, nameOf, type PodSpec } from './manifest.ts';

/** Keys of the Secrets that whoever installs opsbot makes by hand, by the Secret's name. */
export type HandMadeSecrets = Readonly<Record<string, readonly string[]>>;

/** What one manifest says of another that is not so: ports, labels, volumes, keys and names that do not exist. */
export function linkProblems(manifests: readonly Manifest[], secrets: HandMadeSecrets): string[] {
  return manifests.flatMap((manifest) =>
    [
      ...selectorProblems(manifest, manifests),
      ...podProblems(manifest, manifests, secrets),
      ...bindingProblems(manifest, manifests),
    ].map((problem) => `${nameOf(manifest)}: ${problem}`),
  );
}

type Labels = Record<string, string>;

const matches = (selector: Labels, labels: Labels | undefined) =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([name, value]) => labels?.[name] === value);

function podsOf(manifests: readonly Manifest[], selector: Labels) {
  return manifests.flatMap(({ spec }) => {
    const template = spec?.template;
    return template && matches(selector, template.metadata.labels) ? [template] : [];
  });
}

interface Port {
  name?: string;
  port: number | string;
  targetPort?: number | string;
}

/** Of everything that names pods by their labels, and ports of them. */
function selectorProblems(manifest: Manifest, manifests: readonly Manifest[]): string[] {
  const { kind, spec = {} } = manifest;
  const chosen = (selector: Labels) => podsOf(manifests, selector).map(({ spec: pod }) => pod);
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
      return matches(spec.selector?.matchLabels ?? {}, spec.template?.metadata.labels)
        ? []
        : ['its selector does not match its pods'];
    case 'PodDisruptionBudget':
      return chosen(spec.selector?.matchLabels ?? {}).length === 1 ? [] : ['it is not about the pods of one workload'];
    case 'Service': {
      const ports = (spec.ports as Port[]).map(({ port, targetPort }) => targetPort ?? port);
      return portProblems(chosen(spec.selector as unknown as Labels), ports);
    }
    case 'NetworkPolicy':
      return networkProblems(spec, chosen);
    case 'ServiceMonitor': {
      const service = manifests.find(
        (other) => other.kind === 'Service' && matches(spec.selector?.matchLabels ?? {}, other.metadata.labels),
      );
      const names = (service?.spec?.ports as Port[] | undefined)?.map(({ name }) => name) ?? [];
      const endpoints = spec.endpoints as { port: string }[];
      return endpoints.filter(({ port }) => !names.includes(port)).map(({ port }) => `no Service has the port ${port}`);
    }
    default:
      return [];
  }
}

interface NetworkRule {
  ports?: Port[];
  to?: { podSelector: { matchLabels: Labels } }[];
  from?: { podSelector: { matchLabels: Labels } }[];
}

function networkProblems(spec: NonNullable<Manifest['spec']>, chosen: (selector: Labels) => PodSpec[]): string[] {
  const { podSelector, ingress, egress } = spec as unknown as {
    podSelector: { matchLabels: Labels };
    ingress: NetworkRule[];
    egress: NetworkRule[];
  };
  const all = [...ingress, ...egress].flatMap(({ ports = [] }) => ports);
  const numbers = ({ ports = [] }: NetworkRule) => ports.map(({ port }) => port);
  return [
    // OVN-Kubernetes, for one, lets nothing through for a name.
    ...all.filter(({ port }) => typeof port === 'string').map(({ port }) => `it says ${port} in place of a number`),
    ...ingress.flatMap((rule) => portProblems(chosen(podSelector.matchLabels), numbers(rule))),
    ...ingress
      .flatMap(({ from = [] }) => from)
      .filter((peer) => chosen(peer.podSelector.matchLabels).length === 0)
      .map(() => 'it lets in pods that do not exist'),
    ...egress.flatMap((rule) =>
      (rule.to ?? []).flatMap((peer) => portProblems(chosen(peer.podSelector.matchLabels), numbers(rule))),
    ),
  ];
}

function portProblems(pods: readonly PodSpec[], ports: readonly (number | string)[]): string[] {
  if (pods.length !== 1) return [`it is about ${pods.length} workloads`];
  const there = (pods[0]?.containers ?? []).flatMap(portsOf);
  return ports.filter((port) => !there.includes(port)).map((port) => `no pod listens on the port ${port}`);
}

const portsOf = ({ ports = [] }: Container) =>
  ports.flatMap(({ name, containerPort }) => [containerPort, ...(name ? [name] : [])]);

/** Of a pod's probes, volumes, files that its environment names, and account. */
function podProblems({ spec }: Manifest, manifests: readonly Manifest[], secrets: HandMadeSecrets): string[] {
  const pod = spec?.template?.spec;
  if (!pod) return [];
  const claims = ((spec?.volumeClaimTemplates ?? []) as Manifest[]).map(({ metadata }) => metadata.name);
  const { volumes, problems } = volumeKeys(pod, manifests, secrets);
  const account = pod.serviceAccountName;
  const hasAccount = manifests.some(({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === account);
  return [
    ...problems,
    ...(account && !hasAccount ? [`there is no ServiceAccount ${account}`] : []),
    ...pod.containers.flatMap((container) => [
      ...probeProblems(container),
      ...mountProblems(container, volumes, claims),
    ]),
  ];
}

function probeProblems(container: Container): string[] {
  const ports = portsOf(container);
  return ['startupProbe', 'livenessProbe', 'readinessProbe'].flatMap((name) => {
    const probe = container[name] as { httpGet?: { port: number | string }; exec?: unknown } | undefined;
    if (!probe) return [`it has no ${name}`];
    return probe.exec || (probe.httpGet && ports.includes(probe.httpGet.port)) ? [] : [`${name} asks no port it has`];
  });
}

/** The files of each volume, and the keys that are mounted and do not exist. */
function volumeKeys(pod: PodSpec, manifests: readonly Manifest[], secrets: HandMadeSecrets) {
  const volumes = new Map<string, readonly string[]>();
  const problems: string[] = [];
  for (const { name, configMap, secret } of pod.volumes ?? []) {
    const keys = secret
      ? keysOf('Secret', secret.secretName, manifests, secrets)
      : keysOf('ConfigMap', configMap?.name ?? '', manifests, {});
    const wanted = secret?.items?.map(({ key }) => key) ?? keys ?? [];
    if (!keys) problems.push(`the volume ${name} has no source`);
    for (const key of wanted) if (keys && !keys.includes(key)) problems.push(`the volume ${name} has no key ${key}`);
    volumes.set(name, secret?.items?.map(({ path }) => path) ?? wanted);
  }
  return { volumes, problems };
}

function keysOf(kind: string, name: string, manifests: readonly Manifest[], secrets: HandMadeSecrets) {
  const made = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  return made ? Object.keys({ ...made.data, ...made.stringData }) : secrets[name];
}

function mountProblems(
  { env = [], command = [], volumeMounts = [] }: Container,
  volumes: ReadonlyMap<string, readonly string[]>,
  claims: readonly string[],
): string[] {
  const files = volumeMounts.flatMap(({ name, mountPath }) =>
    (volumes.get(name) ?? []).map((file) => posix.join(mountPath, file)),
  );
  const named = [
    ...env.filter(({ name }) => name.endsWith('_FILE') || name === 'OPSBOT_CONFIG').map(({ value = '' }) => value),
    ...command.filter((argument) => argument.startsWith('/')),
  ];
  return [
    ...volumeMounts
      .filter(({ name }) => !volumes.has(name) && !claims.includes(name))
      .map(({ name }) => `there is no volume ${name}`),
    ...[...volumes.keys()]
      .filter((name) => !volumeMounts.some((mount) => mount.name === name))
      .map((name) => `the volume ${name} is mounted nowhere`),
    ...named.filter((path) => !files.includes(path)).map((path) => `nothing is mounted at ${path}`),
  ];
}

/** A binding binds a role that is there to an account that is there. */
function bindingProblems(manifest: Manifest, manifests: readonly Manifest[]): string[] {
  if (!manifest.kind.endsWith('Binding')) return [];
  const { roleRef, subjects } = manifest as unknown as {
    roleRef: { kind: string; name: string };
    subjects: { kind: string; name: string; namespace: string }[];
  };
  const wanted = [{ ...roleRef, namespace: manifest.metadata.namespace }, ...subjects];
  return wanted
    .filter(
      ({ kind, name, namespace }) =>
        !manifests.some(
          (other) => other.kind === kind && other.metadata.name === name && other.metadata.namespace === namespace,
        ),
    )
    .map(({ kind, name }) => `there is no ${kind} ${name}`);
}
