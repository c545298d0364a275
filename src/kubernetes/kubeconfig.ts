import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
// Not the package's index: that would load every generated API class.
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { parse } from 'yaml';
import { InputError } from '../errors.ts';

const TOKEN_FILE = '/var/run/secrets/kubernetes.io/serviceaccount/token';

export interface LoadedKubeconfig {
  config: KubeConfig;
  server: string;
  /** That of the service account, or of the current context; else `default`. */
  namespace: string;
  /** `as-groups` of the current user; KubeConfig itself knows only `as`. */
  impersonateGroups: string[];
}

/**
 * Reads the kubeconfig: the given path (several are separated as in KUBECONFIG, the first to say something wins), else
 * the pod's service account, else `~/.kube/config`. InputError where there is none or it is unusable.
 */
export function loadKubeconfig(paths: string | undefined): LoadedKubeconfig {
  const files = filesOf(paths);
  const config = new KubeConfig();
  let users: RawUser[] = [];
  if (files === 'in-cluster') config.loadFromCluster();
  else users = files.flatMap((file, index) => loadFile(config, file, index === 0));

  const cluster = config.contexts.length > 0 ? config.getCurrentCluster() : null;
  if (!cluster) {
    throw new InputError(`The kubeconfig has no usable current-context (it says ${quote(config.currentContext)}).`, {
      advice: 'Set current-context to a context whose cluster is in the file.',
    });
  }
  // KubeConfig refuses http:// unless TLS checks are off too. An http:// address that somebody wrote is consent enough.
  if (cluster.server.startsWith('http:')) {
    if (files === 'in-cluster') throw new InputError('The API server of this pod’s cluster is announced without TLS.');
    config.clusters = config.clusters.map((each) => (each === cluster ? { ...each, skipTLSVerify: true } : each));
  }
  const current = users.find((user) => user.name === config.getCurrentUser()?.name);
  return {
    config,
    server: cluster.server,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace?.trim() || 'default',
    impersonateGroups: current?.user?.['as-groups'] ?? [],
  };
}

function filesOf(paths: string | undefined): string[] | 'in-cluster' {
  const given = (paths ?? '').split(delimiter).filter((path) => path !== '');
  if (given.length > 0) return given;
  if (existsSync(TOKEN_FILE)) return 'in-cluster';
  const home = join(homedir(), '.kube', 'config');
  if (existsSync(home)) return [home];
  throw new InputError('There is no Kubernetes cluster to talk to.', {
    advice: 'Set KUBECONFIG to the path of a kubeconfig, or run opsbot in a pod with a service account.',
  });
}

/** The parts of a kubeconfig user that KubeConfig does not read. */
interface RawUser {
  name?: string;
  user?: { tokenFile?: string; 'as-groups'?: string[] } | null;
}

function loadFile(into: KubeConfig, file: string, first: boolean): RawUser[] {
  try {
    const users: RawUser[] = parse(readFileSync(file, 'utf8'))?.users ?? [];
    const loaded = first ? into : new KubeConfig();
    loaded.loadFromFile(file);
    readTokenFiles(loaded, users, dirname(file));
    if (!first) mergeMissing(into, loaded);
    return users;
  } catch (cause) {
    throw new InputError(`The kubeconfig ${file} cannot be read: ${reasonOf(cause)}.`, {
      advice: 'Check the path and the file (`kubectl --kubeconfig … config view`).',
      cause,
    });
  }
}

/** `tokenFile` is read again every minute, as a pod's own token is: it may be rotated. */
function readTokenFiles(config: KubeConfig, users: RawUser[], directory: string): void {
  config.users = config.users.map((user) => {
    const tokenFile = users.find(({ name }) => name === user.name)?.user?.tokenFile;
    if (!tokenFile) return user;
    return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile: resolve(directory, tokenFile) } } };
  });
}

function mergeMissing(into: KubeConfig, other: KubeConfig): void {
  const missing = <T extends { name: string }>(mine: T[], theirs: T[]) => [
    ...mine,
    ...theirs.filter(({ name }) => !mine.some((each) => each.name === name)),
  ];
  into.clusters = missing(into.clusters, other.clusters);
  into.users = missing(into.users, other.users);
  into.contexts = missing(into.contexts, other.contexts);
  into.currentContext ||= other.currentContext;
}

/** A YAML error quotes the line at fault, which may hold a token: only the first line of the message is passed on. */
function reasonOf(cause: unknown): string {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return 'there is no such file';
  if (cause instanceof Error && cause.name.startsWith('YAML')) return 'it is not valid YAML';
  return cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : 'unknown reason';
}

function quote(name: string | undefined): string {
  return name ? `“${name}”` : 'nothing';
}
