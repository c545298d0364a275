import { z } from 'zod';

/**
 * The environment variables, one by one: form, default, description. How they depend on each other is told in
 * config.ts. The descriptions are also the README's table.
 */
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** What people have pasted where another token belongs. */
const TOKENS: Record<string, string> = {
  'xoxb-': 'a bot token',
  'xapp-': 'an app-level token',
  'xoxp-': 'a user token',
  xoxe: 'a rotating token, which opsbot does not refresh',
  'xoxa-': 'a legacy workspace token',
};

function token(prefix: 'xoxb-' | 'xapp-', where: string) {
  return z.string().refine((value) => value.startsWith(prefix) && !/\s/.test(value), {
    error: (issue) =>
      `${lookOf(String(issue.input))}; needed is ${TOKENS[prefix]} (${prefix}…), found in Slack under ${where}`,
  });
}

function lookOf(value: string): string {
  const prefix = Object.keys(TOKENS).find((start) => value.startsWith(start));
  return prefix ? `this is ${TOKENS[prefix]}` : 'this is no Slack token';
}

function port(lowest: 0 | 1) {
  const range = `a port from ${lowest === 0 ? '0 (off)' : lowest} to 65535 is needed`;
  return z
    .string()
    .refine((value) => /^\d{1,5}$/.test(value) && Number(value) >= lowest && Number(value) <= 65535, {
      error: (issue) =>
        String(issue.input).startsWith('tcp://')
          ? `${range}; Kubernetes sets this form for a Service of that name: put enableServiceLinks: false into the pod`
          : range,
    })
    .transform(Number);
}

function url(protocols: readonly string[], example: string) {
  return z.string().refine((value) => protocols.includes(URL.parse(value)?.protocol ?? ''), {
    error: `a URL like ${example} is needed`,
  });
}

const roles = z
  .string()
  .transform((value) => value.split(',').map((role) => role.trim().toLowerCase()))
  .refine((names) => names.every((name) => name === 'hub' || name === 'agent'), {
    error: 'hub, agent or hub,agent is needed',
  })
  .transform((names) => ({ hub: names.includes('hub'), agent: names.includes('agent') }));

const sentinels = z
  .string()
  .transform((value) => value.split(',').map((address) => URL.parse(`tcp://${address.trim()}`)))
  .refine((addresses) => addresses.every((address) => address?.hostname && address.pathname === ''), {
    error: 'addresses like sentinel-0:26379,sentinel-1:26379 are needed',
  })
  .transform((addresses) =>
    addresses.map((address) => ({ host: address?.hostname ?? '', port: Number(address?.port || 26379) })),
  );

export const environmentSchema = z.object({
  SLACK_BOT_TOKEN: token('xoxb-', 'OAuth & Permissions').optional().describe('Bot token, `xoxb-…`. Needed by the hub.'),
  SLACK_APP_TOKEN: token('xapp-', 'Basic Information → App-Level Tokens, with connections:write')
    .optional()
    .describe('App-level token, `xapp-…`, for Socket Mode: no public address needed.'),
  SLACK_SIGNING_SECRET: z
    .string()
    .refine((value) => !/^xox|^xapp-|\s/.test(value), {
      error: (issue) =>
        `${lookOf(String(issue.input))}; needed is the signing secret, found in Slack under Basic Information`,
    })
    .optional()
    .describe('Signing secret, for HTTP in place of Socket Mode.'),
  PORT: port(1).prefault('3000').describe('Port that Slack’s HTTP requests arrive at. Socket Mode does not use it.'),
  SLACK_API_URL: url(['https:', 'http:'], 'https://slack.com/api/')
    .transform((value) => (value.endsWith('/') ? value : `${value}/`))
    .prefault('https://slack.com/api/')
    .describe('Address of the Web API; GovSlack and local servers have their own.'),
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://:password@redis:6379/0')
    .optional()
    .describe('`redis://` or, with TLS, `rediss://`. Needed, unless there are sentinels.'),
  REDIS_SENTINELS: sentinels.optional().describe('Addresses of the sentinels, `host:port,host:port`.'),
  REDIS_SENTINEL_NAME: z.string().optional().describe('Name of the primary that the sentinels watch.'),
  REDIS_PASSWORD: z
    .string()
    .optional()
    .describe('Password of Redis, or of the sentinels’ primary, where `REDIS_URL` has none.'),
  KUBECONFIG: z
    .string()
    .refine((value) => !value.includes(':'), { error: 'the path of one file is needed' })
    .optional()
    .describe('Path of the kubeconfig for an agent outside its cluster; in a pod the service account is used.'),
  OPSBOT_CLUSTER: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
      error: 'up to 63 lower-case letters, digits and inner hyphens are needed',
    })
    .prefault('default')
    .describe('Name of the cluster that this agent serves; people see it, and policy can match it.'),
  OPSBOT_ROLES: roles
    .prefault('hub,agent')
    .describe('`hub` faces Slack and decides, `agent` faces the cluster and does; `hub,agent` is both in one process.'),
  OPSBOT_CONFIG: z.string().optional().describe('Path of the YAML configuration file.'),
  OPSBOT_HTTP_PORT: port(0)
    .prefault('8080')
    .describe('Port of `/healthz`, `/readyz` and `/metrics`; `0` turns it off.'),
  LOG_LEVEL: z
    .string()
    .toLowerCase()
    .pipe(z.enum(LEVELS, { error: `one of ${LEVELS.join(', ')} is needed` }))
    .prefault('info')
    .describe(`How much is logged: ${LEVELS.map((level) => `\`${level}\``).join(', ')}.`),
});

export type Environment = z.infer<typeof environmentSchema>;
export type VariableName = keyof Environment;

/** Their values are shown nowhere, and each may stand in a file instead, see `fileVariableOf`. */
export const SECRETS = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'REDIS_URL',
  'REDIS_PASSWORD',
] as const satisfies readonly VariableName[];

export type SecretName = (typeof SECRETS)[number];

/** The variable that names the file which holds a secret. */
export function fileVariableOf(secret: SecretName): `${SecretName}_FILE` {
  return `${secret}_FILE`;
}

/** Every variable that opsbot reads. */
export const VARIABLES: readonly string[] = [...Object.keys(environmentSchema.shape), ...SECRETS.map(fileVariableOf)];
