import type { AgentOptions } from 'node:https';
import { Agent, type Dispatcher, ProxyAgent, Socks5ProxyAgent } from 'undici';
import { UnavailableError } from '../errors.ts';
import { type LoadedKubeconfig, loadKubeconfig } from './kubeconfig.ts';

/** How to reach one API server as whom. */
export interface Connection {
  /** Without a trailing slash. */
  server: string;
  /** The one that opsbot itself is in. */
  namespace: string;
  /** For the next call: refreshed credentials, and the one dispatcher that keeps connections alive. */
  prepare(): Promise<{ headers: Record<string, string | string[]>; dispatcher: Dispatcher }>;
  close(): Promise<void>;
}

/** Below the API server's own idle limit of 90 s, so that a connection about to be closed is not used. */
const KEEP_ALIVE_MS = 45_000;
/** Deadlines are set for each call; a watch stays silent for a minute at a time. */
const HTTP_OPTIONS = { allowH2: false, keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: 0, bodyTimeout: 0 } as const;
const TLS_KEYS = ['ca', 'cert', 'key', 'rejectUnauthorized', 'servername'] as const;
type Tls = Pick<AgentOptions, (typeof TLS_KEYS)[number]>;

interface Credentials {
  headers: Record<string, string | string[]>;
  tls: Tls;
}

/**
 * Opens nothing yet. Certificates, tokens and exec plugins are asked again before every call (KubeConfig caches what is
 * still valid), so that rotation needs no restart. InputError where the kubeconfig is unusable.
 */
export function createConnection({ kubeconfig }: { kubeconfig?: string | undefined }): Connection {
  const loaded = loadKubeconfig(kubeconfig);
  let current: { tls: Tls; dispatcher: Dispatcher } | undefined;
  let pending: Promise<Credentials> | undefined;

  // One at a time: several watches starting together must not run the same exec plugin several times.
  const credentials = () => {
    pending ??= readCredentials(loaded).finally(() => {
      pending = undefined;
    });
    return pending;
  };

  return {
    server: loaded.server,
    namespace: loaded.namespace,
    async prepare() {
      const { headers, tls } = await credentials();
      if (!current || !sameTls(current.tls, tls)) {
        // The old one lets its calls finish; a watch on it ends at its server-side timeout.
        current?.dispatcher.close().catch(() => {});
        current = { tls, dispatcher: createDispatcher(loaded, tls) };
      }
      return { headers, dispatcher: current.dispatcher };
    },
    async close() {
      await current?.dispatcher.destroy();
    },
  };
}

async function readCredentials({ config, impersonateGroups }: LoadedKubeconfig): Promise<Credentials> {
  const options: AgentOptions & { headers?: Record<string, string>; auth?: string } = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw new UnavailableError('opsbot cannot get its credentials for the cluster.', {
      advice: 'Look into the opsbot log: a certificate file or the credential plugin of the kubeconfig has failed.',
      cause,
    });
  }
  const headers: Credentials['headers'] = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = value.trim();
  if (options.auth) headers.authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  // As repeated headers: joined with a comma it would be one group of a strange name.
  if (impersonateGroups.length > 0) headers['impersonate-group'] = impersonateGroups;
  const tls: Tls = {};
  for (const key of TLS_KEYS) if (options[key] !== undefined) Object.assign(tls, { [key]: options[key] });
  return { headers, tls };
}

function createDispatcher({ config }: LoadedKubeconfig, tls: Tls): Dispatcher {
  const wanted = config.createDispatcherOptions(config.getCurrentCluster(), tls);
  switch (wanted.type) {
    case 'proxy':
      return new ProxyAgent({ ...HTTP_OPTIONS, uri: wanted.uri, requestTls: tls });
    case 'socks':
      return new Socks5ProxyAgent(wanted.uri, { ...HTTP_OPTIONS, requestTls: tls });
    case 'agent':
      return new Agent({ ...HTTP_OPTIONS, connect: wanted.connect });
    case 'none':
      return new Agent(HTTP_OPTIONS);
  }
}

function sameTls(a: Tls, b: Tls): boolean {
  return TLS_KEYS.every((key) => {
    const [mine, theirs] = [a[key], b[key]];
    return Buffer.isBuffer(mine) && Buffer.isBuffer(theirs) ? mine.equals(theirs) : mine === theirs;
  });
}
