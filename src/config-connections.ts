import type { Environment } from './config-env.ts';

/** How the variables depend on each other: what each of Slack, Redis and Kubernetes needs together. Pure. */
export type SlackConfig = {
  botToken: string;
  /** With a slash at the end. */
  apiUrl: string;
} & ({ transport: 'socket'; appToken: string } | { transport: 'http'; signingSecret: string; port: number });

export type RedisConfig = (
  | { source: 'url'; url: string }
  | { source: 'sentinels'; sentinels: readonly { host: string; port: number }[]; name: string }
) & {
  /** Where the URL has none, or of the sentinels' primary. */
  password?: string | undefined;
};

export type KubernetesConfig = { source: 'kubeconfig'; path: string } | { source: 'in-cluster' };

/** The variables that are set, whatever their form. */
export type Given = Readonly<Record<string, string | undefined>>;

export function slackProblems(given: Given): string[] {
  const problems: string[] = [];
  if (!given.SLACK_BOT_TOKEN) {
    problems.push(
      'SLACK_BOT_TOKEN (missing): the bot token (xoxb-…) is needed, found in Slack under OAuth & Permissions.',
    );
  }
  if (!given.SLACK_APP_TOKEN && !given.SLACK_SIGNING_SECRET) {
    problems.push(
      'SLACK_APP_TOKEN (missing): the app-level token (xapp-…) is needed for Socket Mode, or SLACK_SIGNING_SECRET for HTTP.',
    );
  }
  if (given.SLACK_APP_TOKEN && given.SLACK_SIGNING_SECRET) {
    problems.push(
      'SLACK_APP_TOKEN and SLACK_SIGNING_SECRET: only one may be set; the first means Socket Mode, the second HTTP.',
    );
  }
  if (given.SLACK_BOT_TOKEN?.startsWith('xapp-') && given.SLACK_APP_TOKEN?.startsWith('xoxb-')) {
    problems.push('SLACK_BOT_TOKEN and SLACK_APP_TOKEN: the two are swapped; each holds the other’s token.');
  }
  return problems;
}

export function slackOf(variables: Environment): SlackConfig | undefined {
  const { SLACK_BOT_TOKEN: botToken, SLACK_APP_TOKEN: appToken, SLACK_SIGNING_SECRET: signingSecret } = variables;
  if (!botToken) return undefined;
  const common = { botToken, apiUrl: variables.SLACK_API_URL };
  if (appToken) return { ...common, transport: 'socket', appToken };
  if (signingSecret) return { ...common, transport: 'http', signingSecret, port: variables.PORT };
  return undefined;
}

/** Slack's requests and the health checks cannot share a port. */
export function portProblems(slack: SlackConfig | undefined, httpPort: number): string[] {
  return slack?.transport === 'http' && slack.port === httpPort
    ? [`PORT and OPSBOT_HTTP_PORT (both ${httpPort}): two different ports are needed.`]
    : [];
}

export function redisProblems(given: Given): string[] {
  if (given.REDIS_URL) {
    return [
      ...(given.REDIS_SENTINELS ? ['REDIS_URL and REDIS_SENTINELS: only one of the two may be set.'] : []),
      ...(given.REDIS_PASSWORD && isAnother(given.REDIS_PASSWORD, given.REDIS_URL)
        ? ['REDIS_URL and REDIS_PASSWORD: each holds another password; leave it out of the URL.']
        : []),
    ];
  }
  if (given.REDIS_SENTINELS) {
    return given.REDIS_SENTINEL_NAME
      ? []
      : ['REDIS_SENTINEL_NAME (missing): the name of the primary that the sentinels watch is needed.'];
  }
  return ['REDIS_URL (missing): a URL like redis://redis:6379 is needed, or REDIS_SENTINELS and REDIS_SENTINEL_NAME.'];
}

/** The same one is fine: where a pod's manifest has it in the URL as `$(REDIS_PASSWORD)`, it is set by itself as well. */
function isAnother(password: string, url: string): boolean {
  const inUrl = passwordsIn(url);
  return inUrl.length > 0 && !inUrl.includes(password);
}

export function redisOf(variables: Environment): RedisConfig | undefined {
  const { REDIS_URL: url, REDIS_SENTINELS: sentinels, REDIS_SENTINEL_NAME: name, REDIS_PASSWORD: password } = variables;
  if (url) return { source: 'url', url, password: passwordsIn(url).length > 0 ? undefined : password };
  return sentinels && name ? { source: 'sentinels', sentinels, name, password } : undefined;
}

/** The passwords in a URL of Redis, as they are and as they stand there. */
export function passwordsIn(url: string): string[] {
  const parsed = URL.parse(url);
  if (!parsed) return [];
  const found = [parsed.password, decoded(parsed.password), parsed.searchParams.get('password') ?? ''];
  return [...new Set(found)].filter((password) => password !== '');
}

/** As it is where it was not percent-encoded. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function kubernetesProblems(given: Given, readFile: (path: string) => string): string[] {
  const path = given.KUBECONFIG;
  if (!path) {
    return given.KUBERNETES_SERVICE_HOST
      ? []
      : ['KUBECONFIG (missing): the path of a kubeconfig is needed, because this is not a pod of a cluster.'];
  }
  try {
    readFile(path);
    return [];
  } catch (error) {
    return [`KUBECONFIG ("${path}"): the file cannot be read: ${reasonOf(error)}.`];
  }
}

export function kubernetesOf(variables: Environment): KubernetesConfig {
  return variables.KUBECONFIG ? { source: 'kubeconfig', path: variables.KUBECONFIG } : { source: 'in-cluster' };
}

/** The operating system's word for why a file cannot be read. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case 'ENOENT':
      return 'there is none';
    case 'EACCES':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return code ?? String(error);
  }
}
