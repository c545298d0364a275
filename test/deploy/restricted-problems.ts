import type { Container, PodSpec } from './manifest.ts';

/**
 * What Kubernetes' Restricted Pod Security Standard refuses in a pod, and beyond it a root file system that can be
 * written to.
 */
export function restrictedProblems(pod: PodSpec): string[] {
  const containers = [...pod.containers, ...(pod.initContainers ?? [])];
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC'].filter((field) => pod[field]).map((field) => `${field} is set`),
    ...(pod.volumes ?? []).flatMap(({ name, ...source }) =>
      Object.keys(source)
        .filter((kind) => !VOLUMES.includes(kind))
        .map((kind) => `volume ${name} is a ${kind}`),
    ),
    ...securityProblems(pod.securityContext ?? {}),
    ...containers.flatMap((container) =>
      containerProblems(container, pod.securityContext ?? {}).map((problem) => `${container.name}: ${problem}`),
    ),
  ];
}

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

type Security = Record<string, unknown>;

/** What neither a pod nor a container may say. */
function securityProblems(context: Security): string[] {
  const refused = ['sysctls', 'seLinuxOptions', 'windowsOptions', 'appArmorProfile', 'procMount', 'privileged'];
  return [
    ...refused.filter((field) => context[field]).map((field) => `${field} is set`),
    ...(context.runAsUser === 0 ? ['runs as root'] : []),
  ];
}

function containerProblems({ ports = [], securityContext: own = {} }: Container, podContext: Security): string[] {
  const context: Security = { ...podContext, ...own };
  const capabilities = (own.capabilities ?? {}) as { add?: string[]; drop?: string[] };
  const seccomp = (context.seccompProfile as { type?: string } | undefined)?.type;
  const demands: [boolean, string][] = [
    [ports.every(({ hostPort }) => !hostPort), 'takes a port of the host'],
    [own.allowPrivilegeEscalation === false, 'may gain privileges'],
    [own.readOnlyRootFilesystem === true, 'can write to its root file system'],
    [context.runAsNonRoot === true, 'may run as root'],
    [seccomp === 'RuntimeDefault' || seccomp === 'Localhost', 'has no seccomp profile'],
    [capabilities.drop?.includes('ALL') === true, 'keeps capabilities'],
    [(capabilities.add ?? []).every((name) => name === 'NET_BIND_SERVICE'), 'adds capabilities'],
  ];
  return [...securityProblems(own), ...demands.filter(([met]) => !met).map(([, problem]) => problem)];
}
