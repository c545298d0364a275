import { readFileSync } from 'node:fs';
import {
  type Given,
  type KubernetesConfig,
  kubernetesOf,
  kubernetesProblems,
  portProblems,
  type RedisConfig,
  redisOf,
  redisProblems,
  type SlackConfig,
  slackOf,
  slackProblems,
} from './config-connections.ts';
import { type Environment, environmentSchema, SECRETS, VARIABLES } from './config-env.ts';
import { type FileConfig, fileSchema } from './config-file.ts';
import { actionProblems, environmentProblems, fileProblems, misspelt } from './config-problems.ts';
import { readSecrets, secretsIn } from './config-secrets.ts';
import { headerSecretsIn, type TracingConfig, tracingOf } from './config-tracing.ts';
import { readYaml } from './config-yaml.ts';

/** The sole reader of the environment and of the configuration file. Everybody else is handed what they need of it. */
export type { KubernetesConfig, RedisConfig, SlackConfig } from './config-connections.ts';
export type { FileConfig } from './config-file.ts';
export type { PolicyRule } from './config-policy.ts';

export interface Config extends FileConfig {
  roles: { hub: boolean; agent: boolean };
  /** Name of the cluster that an agent in this process serves. */
  cluster: string;
  /** Absent where the process is no hub: only the hub holds a Slack token. */
  slack: SlackConfig | undefined;
  redis: RedisConfig;
  /** Absent where the process is no agent. */
  kubernetes: KubernetesConfig | undefined;
  /** Port of health and metrics; 0: off. */
  httpPort: number;
  logLevel: Environment['LOG_LEVEL'];
  /** Absent where no traces are to be sent. */
  tracing: TracingConfig | undefined;
  /** What no line of the log may show. */
  secrets: readonly string[];
}

/** Everything that is wrong with the configuration, one sentence each. No secret is in them. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not right:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export interface ConfigOptions {
  readFile?: (path: string) => string;
  /** Names of the actions there are: any other in the file is a slip. Not checked where absent. */
  actions?: readonly string[];
}

/** Throws ConfigError with all problems of the environment and of the file together. */
export function loadConfig(env: NodeJS.ProcessEnv, options: ConfigOptions = {}): Config {
  const variables = withoutBlanks(env);
  const { readFile = readTextFile } = options;
  const roles = environmentSchema.shape.OPSBOT_ROLES.safeParse(variables.OPSBOT_ROLES).data;
  // Only the hub holds a Slack token: nobody else so much as opens its file.
  const needed = SECRETS.filter((name) => roles?.hub || !name.startsWith('SLACK_'));
  const { given, claimed, problems: unread } = readSecrets(variables, needed, readFile);
  const parsed = environmentSchema.safeParse(given);
  const file = parseFile(given.OPSBOT_CONFIG, options);
  const slack = roles?.hub && parsed.success ? slackOf(parsed.data) : undefined;
  const redis = parsed.success ? redisOf(parsed.data) : undefined;
  const problems = [
    ...unread,
    ...environmentProblems(parsed.error?.issues ?? [], given),
    ...(roles?.hub ? slackProblems(claimed) : []),
    ...redisProblems(claimed),
    ...(roles?.agent ? kubernetesProblems(given, readFile) : []),
    ...(parsed.success ? portProblems(slack, parsed.data.OPSBOT_HTTP_PORT) : []),
    ...file.problems,
  ];
  problems.push(...misspelt(given, VARIABLES, problems.length > 0));
  if (problems.length > 0 || !parsed.success || !redis || !file.config) throw new ConfigError(problems);
  return {
    ...file.config,
    roles: parsed.data.OPSBOT_ROLES,
    cluster: parsed.data.OPSBOT_CLUSTER,
    slack,
    redis,
    kubernetes: parsed.data.OPSBOT_ROLES.agent ? kubernetesOf(parsed.data) : undefined,
    httpPort: parsed.data.OPSBOT_HTTP_PORT,
    logLevel: parsed.data.LOG_LEVEL,
    tracing: tracingOf(given),
    secrets: [...secretsIn(given), ...headerSecretsIn(given)],
  };
}

/** Only the file that OPSBOT_CONFIG names and the cluster's name, e.g. for `policy check`. Throws ConfigError. */
export function loadFileConfig(env: NodeJS.ProcessEnv, options: ConfigOptions = {}): FileConfig & { cluster: string } {
  const given = withoutBlanks(env);
  const file = parseFile(given.OPSBOT_CONFIG, options);
  if (!file.config) throw new ConfigError(file.problems);
  return { ...file.config, cluster: environmentSchema.shape.OPSBOT_CLUSTER.parse(given.OPSBOT_CLUSTER) };
}

const REDIS_VARIABLES = /^REDIS_(URL|SENTINELS|SENTINEL_NAME|PASSWORD)(_FILE)?$/;

/** Only where Redis is, e.g. for `audit verify`. Throws ConfigError. */
export function loadRedisConfig(env: NodeJS.ProcessEnv, { readFile = readTextFile }: ConfigOptions = {}): RedisConfig {
  const ours = Object.entries(withoutBlanks(env)).filter(([name]) => REDIS_VARIABLES.test(name));
  const secrets = readSecrets(Object.fromEntries(ours), ['REDIS_URL', 'REDIS_PASSWORD'], readFile);
  const parsed = environmentSchema.safeParse(secrets.given);
  const problems = [
    ...secrets.problems,
    ...environmentProblems(parsed.error?.issues ?? [], secrets.given),
    ...redisProblems(secrets.claimed),
  ];
  const redis = parsed.success ? redisOf(parsed.data) : undefined;
  if (problems.length > 0 || !redis) throw new ConfigError(problems);
  return redis;
}

function readTextFile(path: string): string {
  return readFileSync(path, 'utf8');
}

/** An empty variable counts as not set: that is how Compose files and Helm values leave one out. */
function withoutBlanks(env: NodeJS.ProcessEnv): Given {
  const trimmed = Object.entries(env).map(([name, value]) => [name, value?.trim()] as const);
  return Object.fromEntries(trimmed.filter(([, value]) => value));
}

type ParsedFile = { config: FileConfig; problems: readonly [] } | { config?: undefined; problems: readonly string[] };

function parseFile(path: string | undefined, { readFile = readTextFile, actions }: ConfigOptions): ParsedFile {
  const yaml = path ? readYaml(path, readFile) : { value: {} };
  if ('problems' in yaml) return yaml;
  const parsed = fileSchema.safeParse(yaml.value);
  const problems = [
    ...fileProblems(parsed.error?.issues ?? [], yaml.value),
    ...(parsed.success && actions ? actionProblems(parsed.data, actions) : []),
  ];
  return parsed.success && problems.length === 0 ? { config: parsed.data, problems: [] } : { problems };
}
