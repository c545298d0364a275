import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Config, ConfigError, loadConfig, loadFileConfig, loadRedisConfig } from '../src/config.ts';
import { INCIDENT_KINDS, INCIDENT_SEVERITIES } from '../src/config-incidents.ts';
import { FINDING_KINDS, SEVERITIES } from '../src/incidents/finding.ts';
import type { IncidentRule, IncidentSettings } from '../src/incidents/incident.ts';
import { runOperatorCommand } from '../src/operator-command.ts';

const HUB = { SLACK_BOT_TOKEN: 'xoxb-1-secret', SLACK_APP_TOKEN: 'xapp-1-secret' };
const REDIS = { REDIS_URL: 'redis://redis:6379' };
const POD = { KUBERNETES_SERVICE_HOST: '10.96.0.1' };
const COMPLETE = { ...HUB, ...REDIS, ...POD };
const ACTIONS = ['scale', 'restart', 'logs', 'pods'];

function fileReader(yaml: string) {
  return (path: string) => {
    if (path === '/etc/opsbot.yaml') return yaml;
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  };
}

function load(env: NodeJS.ProcessEnv, yaml?: string): Config {
  if (yaml === undefined) return loadConfig(env, { readFile: fileReader(''), actions: ACTIONS });
  const readFile = fileReader(yaml);
  return loadConfig({ ...env, OPSBOT_CONFIG: '/etc/opsbot.yaml' }, { readFile, actions: ACTIONS });
}

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the environment', () => {
  test('needs little, the rest has defaults', () => {
    expect(load(COMPLETE)).toEqual({
      roles: { hub: true, agent: true },
      cluster: 'default',
      slack: {
        transport: 'socket',
        botToken: 'xoxb-1-secret',
        appToken: 'xapp-1-secret',
        apiUrl: 'https://slack.com/api/',
      },
      redis: { source: 'url', url: 'redis://redis:6379' },
      kubernetes: { source: 'in-cluster' },
      httpPort: 8080,
      logLevel: 'info',
      secrets: ['xoxb-1-secret', 'xapp-1-secret'],
      channels: {},
      namespaces: ['*'],
      policy: [],
      incidents: { rules: [], pendingMs: 300_000, quietMs: 180_000, cooldownMs: 3_600_000, storm: 10 },
      audit: {},
    });
  });

  test('names everything that is missing at once', () => {
    const problems = problemsOf(() => load({}));
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'REDIS_URL',
      'KUBECONFIG',
    ]);
  });

  test('an agent alone needs no Slack, and holds no token even where one is set', () => {
    const config = load({ ...COMPLETE, OPSBOT_ROLES: 'agent' });
    expect(config.slack).toBeUndefined();
    expect(load({ ...REDIS, ...POD, OPSBOT_ROLES: 'agent' }).roles).toEqual({ hub: false, agent: true });
  });

  test('a hub alone needs no cluster', () => {
    const config = load({ ...HUB, ...REDIS, OPSBOT_ROLES: ' Hub ' });
    expect(config.roles).toEqual({ hub: true, agent: false });
    expect(config.kubernetes).toBeUndefined();
  });

  test('a signing secret means HTTP', () => {
    const env = { ...REDIS, ...POD, SLACK_BOT_TOKEN: 'xoxb-1', SLACK_SIGNING_SECRET: 'abc123' };
    expect(load({ ...env, PORT: '3100' }).slack).toMatchObject({
      transport: 'http',
      signingSecret: 'abc123',
      port: 3100,
    });
    expect(load(env).slack).toMatchObject({ port: 3000 });
    expect(problemsOf(() => load({ ...env, PORT: '8080' }))).toEqual([
      'PORT and OPSBOT_HTTP_PORT (both 8080): two different ports are needed.',
    ]);
  });

  test('sentinels take the place of the URL', () => {
    const env = { ...HUB, ...POD, REDIS_SENTINELS: 'a:26379, b', REDIS_SENTINEL_NAME: 'mymaster' };
    expect(load(env).redis).toEqual({
      source: 'sentinels',
      sentinels: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 26379 },
      ],
      name: 'mymaster',
    });
  });

  test('an empty variable counts as not set', () => {
    expect(load({ ...COMPLETE, SLACK_SIGNING_SECRET: '', OPSBOT_CLUSTER: ' ' }).cluster).toBe('default');
  });

  test('a kubeconfig is looked for before it is needed', () => {
    const readFile = fileReader('');
    const present = { ...HUB, ...REDIS, KUBECONFIG: '/etc/opsbot.yaml' };
    expect(loadConfig(present, { readFile }).kubernetes).toEqual({ source: 'kubeconfig', path: '/etc/opsbot.yaml' });
    expect(problemsOf(() => loadConfig({ ...present, KUBECONFIG: '/none' }, { readFile }))).toEqual([
      'KUBECONFIG ("/none"): the file cannot be read: there is none.',
    ]);
  });

  test.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ['a port that is none', { OPSBOT_HTTP_PORT: '80a' }, /^OPSBOT_HTTP_PORT \("80a"\): a port from 0 \(off\) to 65535/],
    ['a port too high', { OPSBOT_HTTP_PORT: '65536' }, /^OPSBOT_HTTP_PORT \("65536"\): a port/],
    ['a Service of that name', { OPSBOT_HTTP_PORT: 'tcp://10.0.0.1:80' }, /enableServiceLinks: false/],
    ['an unknown level', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL \("loud"\): one of trace, debug, info/],
    ['an unknown role', { OPSBOT_ROLES: 'hub,worker' }, /^OPSBOT_ROLES \("hub,worker"\): hub, agent or hub,agent/],
    ['a cluster name with a colon', { OPSBOT_CLUSTER: 'a:b' }, /^OPSBOT_CLUSTER \("a:b"\): up to 63/],
    ['an address that is none', { SLACK_API_URL: 'slack.com' }, /^SLACK_API_URL \("slack.com"\): a URL like https/],
    ['two ways to Slack', { SLACK_SIGNING_SECRET: 'abc' }, /only one may be set; the first means Socket Mode/],
    ['two ways to Redis', { REDIS_SENTINELS: 'a:1', REDIS_SENTINEL_NAME: 'm' }, /^REDIS_URL and REDIS_SENTINELS/],
    ['sentinels without a name', { REDIS_URL: '', REDIS_SENTINELS: 'a:1' }, /^REDIS_SENTINEL_NAME \(missing\)/],
    ['sentinels without form', { REDIS_URL: '', REDIS_SENTINELS: 'a:x', REDIS_SENTINEL_NAME: 'm' }, /^REDIS_SENTINELS/],
    ['several kubeconfigs', { KUBECONFIG: '/a:/b' }, /^KUBECONFIG \("\/a:\/b"\): the path of one file/],
    [
      'a slip in a name',
      { OPSBOT_ROLE: 'hub' },
      /^OPSBOT_ROLE: this variable is not known; did you mean OPSBOT_ROLES\?/,
    ],
    ['a user token', { SLACK_BOT_TOKEN: 'xoxp-1' }, /this is a user token; needed is a bot token \(xoxb-…\)/],
    [
      'a token for a secret',
      { SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'xapp-1' },
      /this is an app-level token; needed/,
    ],
    ['a missing file', { OPSBOT_CONFIG: '/none.yaml' }, /^OPSBOT_CONFIG \("\/none.yaml"\): the file cannot be read/],
  ])('%s', (_, env, problem) => {
    const problems = problemsOf(() => load({ ...COMPLETE, ...env }));
    expect(
      problems.some((text) => problem.test(text)),
      problems.join('\n'),
    ).toBe(true);
  });

  test('swapped tokens are recognised', () => {
    const problems = problemsOf(() => load({ ...COMPLETE, SLACK_BOT_TOKEN: 'xapp-1', SLACK_APP_TOKEN: 'xoxb-1' }));
    expect(problems).toContain(
      'SLACK_BOT_TOKEN and SLACK_APP_TOKEN: the two are swapped; each holds the other’s token.',
    );
  });

  test('a neighbour’s variables are left alone, and named only where something is wrong', () => {
    const neighbours = { SLACK_BOT_TOKN: 'x', OPSBOT_SERVICE_HOST: '10.0.0.1', OPSBOT_PORT: 'tcp://10.0.0.1:80' };
    expect(problemsOf(() => load({ ...COMPLETE, ...neighbours }))).toEqual([]);
    const problems = problemsOf(() => load({ ...COMPLETE, ...neighbours, SLACK_BOT_TOKEN: undefined }));
    expect(problems).toHaveLength(2);
    expect(problems[1]).toBe('SLACK_BOT_TOKN: this variable is not known; did you mean SLACK_BOT_TOKEN?');
  });

  test('one wrong variable brings no false alarm about what it decides', () => {
    expect(problemsOf(() => load({ ...REDIS, OPSBOT_ROLES: 'agnt' }))).toHaveLength(1);
  });

  test('no secret is ever printed', () => {
    const secret = 'hunter2hunter2';
    const problems = problemsOf(() =>
      load({
        SLACK_BOT_TOKEN: `xoxp-${secret}`,
        SLACK_APP_TOKEN: `xoxb-${secret}`,
        SLACK_SIGNING_SECRET: `xoxb-${secret}`,
        REDIS_URL: `http://:${secret}@redis`,
      }),
    );
    expect(problems.length).toBeGreaterThanOrEqual(5);
    expect(problems.join('\n')).not.toContain(secret);
  });
});

describe('secrets from files', () => {
  const FILES: Record<string, string> = {
    '/run/bot-token': 'xoxb-1-secret\n',
    '/run/app-token': 'xapp-1-secret\r\n',
    '/run/redis-url': 'redis://user@redis:6379\n',
    '/run/redis-password': ' hunter2 hunter2\n',
    '/run/wrong': 'hunter2hunter2\n',
    '/run/empty': ' \n',
  };
  const opened: string[] = [];
  const readFile = (path: string) => {
    opened.push(path);
    const content = FILES[path];
    if (content !== undefined) return content;
    throw Object.assign(new Error('hunter2hunter2'), { code: path === '/run/closed' ? 'EACCES' : 'ENOENT' });
  };
  const loadWith = (env: NodeJS.ProcessEnv) => loadConfig(env, { readFile });
  const MOUNTED = {
    ...POD,
    SLACK_BOT_TOKEN_FILE: '/run/bot-token',
    SLACK_APP_TOKEN_FILE: '/run/app-token',
    REDIS_URL_FILE: '/run/redis-url',
    REDIS_PASSWORD_FILE: '/run/redis-password',
  };

  test('are taken without the white space around them, and are known to the log', () => {
    const { slack, redis, secrets } = loadWith(MOUNTED);
    expect(slack).toMatchObject({ botToken: 'xoxb-1-secret', appToken: 'xapp-1-secret' });
    expect(redis).toEqual({ source: 'url', url: 'redis://user@redis:6379', password: 'hunter2 hunter2' });
    expect(secrets).toEqual(['xoxb-1-secret', 'xapp-1-secret', 'hunter2 hunter2']);
    expect(loadRedisConfig(MOUNTED, { readFile })).toEqual(redis);
  });

  test('the password goes with sentinels as well', () => {
    const { REDIS_URL_FILE, ...others } = MOUNTED;
    const redis = loadWith({ ...others, REDIS_SENTINELS: 'a', REDIS_SENTINEL_NAME: 'm' }).redis;
    expect(redis).toMatchObject({ source: 'sentinels', name: 'm', password: 'hunter2 hunter2' });
  });

  test('an agent alone opens no file of Slack’s', () => {
    opened.length = 0;
    loadWith({ ...MOUNTED, SLACK_BOT_TOKEN_FILE: '/run/none', OPSBOT_ROLES: 'agent' });
    expect(opened).toEqual(['/run/redis-url', '/run/redis-password']);
  });

  test('all that is wrong with them is told once, and never what they hold', () => {
    const problems = problemsOf(() =>
      loadWith({
        ...POD,
        SLACK_BOT_TOKEN_FILE: '/run/wrong',
        SLACK_APP_TOKEN_FILE: '/run/closed',
        REDIS_URL: 'redis://:hunter2hunter2@redis',
        REDIS_URL_FILE: '/run/redis-url',
        REDIS_PASSWORD_FILE: '/run/empty',
      }),
    );
    expect(problems).toEqual([
      'SLACK_APP_TOKEN_FILE ("/run/closed"): the file cannot be read: permission denied.',
      'REDIS_URL and REDIS_URL_FILE: only one of the two may be set.',
      'REDIS_PASSWORD_FILE ("/run/empty"): the file is empty.',
      expect.stringMatching(
        /^SLACK_BOT_TOKEN_FILE \("\/run\/wrong", content hidden\): this is no Slack token; needed is/,
      ),
      'REDIS_URL and REDIS_PASSWORD: each holds another password; leave it out of the URL.',
    ]);
  });

  test('a slip in the name of a file’s variable is recognised', () => {
    const { SLACK_BOT_TOKEN_FILE, ...others } = MOUNTED;
    expect(problemsOf(() => loadWith({ ...others, SLACK_BOT_TOKN_FILE: '/run/bot-token' }))).toEqual([
      expect.stringMatching(/^SLACK_BOT_TOKEN \(missing\)/),
      'SLACK_BOT_TOKN_FILE: this variable is not known; did you mean SLACK_BOT_TOKEN_FILE?',
    ]);
  });

  test.each(['redis://:hunter2@redis', 'redis://user:hunter2@redis', 'redis://redis?password=hunter2'])(
    'a password beside that of %s is one too many, unless it is the same',
    (url) => {
      expect(problemsOf(() => load({ ...COMPLETE, REDIS_URL: url, REDIS_PASSWORD: 'other' }))).toEqual([
        'REDIS_URL and REDIS_PASSWORD: each holds another password; leave it out of the URL.',
      ]);
      expect(load({ ...COMPLETE, REDIS_URL: url }).secrets).toContain('hunter2');
      // A pod's `$(REDIS_PASSWORD)` in the URL needs the variable beside it.
      const { redis, secrets } = load({ ...COMPLETE, REDIS_URL: url, REDIS_PASSWORD: 'hunter2' });
      expect(redis).toEqual({ source: 'url', url, password: undefined });
      expect(secrets).toContain('hunter2');
    },
  );
});

describe('the file', () => {
  test('the example of the design', () => {
    const config = load(
      COMPLETE,
      `
channels:
  requests: C0123456789
  alerts: C0123456780
namespaces: ["*"]
policy:
  - match: { action: [logs, pods], namespace: "*" }
    allow: true
  - match: { action: [scale, restart], namespace: "prod-*" }
    approvals: 2
    approvers: [ "@sre", U0123456789 ]
    reason: required
    expires: 30m
  - match: { namespace: "dev-*" }
    confirm: true
  - match: { requester: [U0123456789] }
    deny: Not while you are on call.
  - match: { action: "*" }
    approvals: 1
`,
    );
    const open = { reason: 'optional', expiresMs: undefined };
    expect(config.channels).toEqual({ requests: 'C0123456789', alerts: 'C0123456780' });
    expect(config.policy).toEqual([
      { ...open, match: { action: ['logs', 'pods'], namespace: ['*'] }, decision: 'allow' },
      {
        match: { action: ['scale', 'restart'], namespace: ['prod-*'] },
        decision: 'approve',
        approvals: 2,
        approvers: ['@sre', 'U0123456789'],
        reason: 'required',
        expiresMs: 30 * 60_000,
      },
      { ...open, match: { namespace: ['dev-*'] }, decision: 'confirm' },
      { ...open, match: { requester: ['U0123456789'] }, decision: 'deny', message: 'Not while you are on call.' },
      { ...open, match: { action: ['*'] }, decision: 'approve', approvals: 1, approvers: [] },
    ]);
  });

  test('an empty file, or one of comments, is as good as none', () => {
    expect(load(COMPLETE, '# nothing yet\n').namespaces).toEqual(['*']);
  });

  test('names the actions that are on; none is a choice, too, and without it nothing is left out', () => {
    expect(load(COMPLETE, 'actions: [logs, pods]').actions).toEqual(['logs', 'pods']);
    expect(load(COMPLETE, 'actions: logs').actions).toEqual(['logs']);
    expect(load(COMPLETE, 'actions: []').actions).toEqual([]);
    expect(load(COMPLETE, '{}').actions).toBeUndefined();
    const withRule = 'actions: [logs]\npolicy: [{ match: { action: scale }, approvals: 2 }]';
    expect(load(COMPLETE, withRule).policy, 'a rule for what is off is no mistake').toHaveLength(1);
  });

  test('lists of workspaces and channels, or one of each', () => {
    const one = load(COMPLETE, 'channels: { allowed: C0123456789 }\nworkspaces: T0123456789');
    expect([one.channels.allowed, one.workspaces]).toEqual([['C0123456789'], ['T0123456789']]);
    const two = load(COMPLETE, 'channels: { allowed: [C0123456789, G0123456789] }');
    expect([two.channels.allowed, two.workspaces]).toEqual([['C0123456789', 'G0123456789'], undefined]);
  });

  test('one namespace needs no list', () => {
    expect(load(COMPLETE, 'namespaces: shop').namespaces).toEqual(['shop']);
  });

  test.each<[string, string[]]>([
    ['chanels: {}', ['chanels: this key is not known; did you mean channels?']],
    [
      'colour: red',
      [
        'colour: this key is not known; known here: channels, workspaces, namespaces, actions, policy, incidents, audit.',
      ],
    ],
    ['channels: { requests: "#ops" }', ['channels.requests ("#ops"): a channel id like C0123456789 is needed']],
    ['channels: C0123456789', ['channels ("C0123456789"): channel ids under requests:, alerts: and allowed:']],
    ['channels: { allowed: ops }', ['channels.allowed ("ops"): a channel id like C0123456789']],
    ['channels: { allowed: [C0123456789, "#ops"] }', ['channels.allowed[1] ("#ops"): a channel id like C0123456789']],
    ['channels: { alowed: C0123456789 }', ['channels.alowed: this key is not known; did you mean allowed?']],
    ['workspaces: acme', ['workspaces ("acme"): a workspace id like T0123456789']],
    ['workspaces: [T0123456789, C0123456789]', ['workspaces[1] ("C0123456789"): a workspace id like']],
    ['namespaces: []', ['namespaces ([]): a name or a pattern like "team-*"']],
    ['namespaces: "prod-.*"', ['namespaces ("prod-.*"): a name or a pattern']],
    ['namespaces: [a, 7]', ['namespaces[1] (7): a name or a pattern']],
    [
      '- a',
      [
        'the file (["a"]): the keys channels:, workspaces:, namespaces:, actions:, policy:, incidents: and audit: are needed',
      ],
    ],
    ['policy: allow', ['policy ("allow"): a list of rules is needed']],
    ['policy: [allow]', ['policy[0] ("allow"): a rule like']],
    ['policy: [{ allow: true }]', ['policy[0].match (missing): conditions like']],
    [
      'policy: [{ match: {} }]',
      ['policy[0] ({"match":{}}): exactly one of allow, deny, confirm, approvals is needed; none'],
    ],
    ['policy: [{ match: {}, allow: true, approvals: 1 }]', ['policy[0]', 'allow and approvals contradict each other']],
    ['policy: [{ match: {}, allow: yes }]', ['policy[0].allow ("yes"): true is needed']],
    ['policy: [{ match: {}, confirm: false }]', ['policy[0].confirm (false): true is needed']],
    [
      'policy: [{ match: {}, deny: true, expires: 5m }]',
      ['policy[0].expires (', 'this goes with confirm or approvals only'],
    ],
    ['policy: [{ match: {}, confirm: true, approvers: U0123456789 }]', ['policy[0].approvers', 'with approvals only']],
    ['policy: [{ match: {}, approvals: 2.5 }]', ['policy[0].approvals (2.5): a whole number from 1 to 20']],
    ['policy: [{ match: {}, approvals: 0 }]', ['policy[0].approvals (0): a whole number']],
    [
      'policy: [{ match: {}, approvals: 1, approvers: [bob] }]',
      ['policy[0].approvers[0] ("bob"): people (U0123456789)'],
    ],
    ['policy: [{ match: {}, approvals: 1, approvers: bob }]', ['policy[0].approvers ("bob"): people']],
    [
      'policy: [{ match: {}, approvals: 2, approvers: [U0123456789] }]',
      ['policy[0].approvals (2): the approvers are fewer'],
    ],
    ['policy: [{ match: {}, approvals: 1, expires: 30 }]', ['policy[0].expires (30): a duration from 1m to 30d']],
    ['policy: [{ match: {}, approvals: 1, expires: 30x }]', ['policy[0].expires ("30x"): a duration']],
    ['policy: [{ match: {}, approvals: 1, expires: 99d }]', ['policy[0].expires ("99d"): a duration']],
    ['policy: [{ match: {}, approvals: 1, reason: true }]', ['policy[0].reason (true): only the word required']],
    [
      'policy: [{ match: { namespce: a }, approvals: 1 }]',
      ['policy[0].match.namespce: this key', 'did you mean namespace?'],
    ],
    ['policy: [{ matches: {}, approvals: 1 }]', ['policy[0].matches: this key', 'did you mean match?']],
    ['actions: [scale, log]', ['actions ("log"): there is no such action; did you mean logs?']],
    ['actions: [delete]', ['actions ("delete"): there is no such action; there are: scale, restart, logs, pods.']],
    ['actions: "*"', ['actions ("*"): there is no such action']],
    ['actions: { scale: true }', ['actions ({"scale":true}): names of actions like [scale, logs] are needed']],
    ['policy: [{ match: { action: scal }, approvals: 1 }]', ['policy[0].match.action ("scal")', 'did you mean scale?']],
    [
      'policy: [{ match: { namespace: *prod }, allow: true }]',
      ['/etc/opsbot.yaml: ', 'begins with * or @ needs quotes'],
    ],
    [
      'policy: [{ match: {}, approvals: 1, approvers: [@sre] }]',
      ['/etc/opsbot.yaml: ', 'begins with * or @ needs quotes'],
    ],
    ['channels: {}\nchannels: {}', ['/etc/opsbot.yaml: Map keys must be unique at line 2']],
  ])('%s', (yaml, parts) => {
    const problems = problemsOf(() => load(COMPLETE, yaml)).join('\n');
    for (const part of parts) expect(problems).toContain(part);
  });

  test('all its problems are told together with those of the environment', () => {
    const yaml = `
chanels: {}
namespaces: 5
policy:
  - match: { action: scale }
    approvals: many
    approvers: [bob, U0123456789]
    expires: soon
  - match: { cluster: a/b }
    allow: true
    confirm: true
`;
    const problems = problemsOf(() => load({ ...COMPLETE, REDIS_URL: '', LOG_LEVEL: 'loud' }, yaml));
    expect(problems.map((problem) => problem.split(/[ :]/)[0])).toEqual([
      'LOG_LEVEL',
      'REDIS_URL',
      'namespaces',
      'policy[0].approvals',
      'policy[0].approvers[0]',
      'policy[0].expires',
      'policy[1].match.cluster',
      'policy[1]',
      'chanels',
    ]);
  });

  test.each([
    ['1m', 60_000],
    ['90m', 90 * 60_000],
    ['1h30m', 90 * 60_000],
    ['2d', 48 * 3_600_000],
  ])('the duration %s', (text, ms) => {
    const config = load(COMPLETE, `policy: [{ match: {}, approvals: 1, expires: ${text} }]`);
    expect(config.policy[0]?.expiresMs).toBe(ms);
  });
});

describe('incidents', () => {
  const incidents = (yaml: string) => load(COMPLETE, yaml).incidents;

  test('the example of the README', () => {
    const { rules, ...times } = incidents(`
incidents:
  rules:
    - match: { kind: rollout-complete, namespace: "dev-*" }
      ignore: true
    - match: { severity: [critical, warning], cluster: eu-1, namespace: [shop, "prod-*"], workload: "api-*" }
      channel: C0987654321
    - match: { labels: { team: payments, app.kubernetes.io/tier: "front*", "node-role.kubernetes.io/master": "" } }
      channel: G0123456789
  pending: 10m
  quiet: 90s
  cooldown: 7d
  storm: 100
`);
    expect(rules).toEqual([
      { match: { kind: ['rollout-complete'], namespace: ['dev-*'] }, channel: undefined },
      {
        match: {
          severity: ['critical', 'warning'],
          cluster: ['eu-1'],
          namespace: ['shop', 'prod-*'],
          workload: ['api-*'],
        },
        channel: 'C0987654321',
      },
      {
        match: {
          labels: { team: 'payments', 'app.kubernetes.io/tier': 'front*', 'node-role.kubernetes.io/master': '' },
        },
        channel: 'G0123456789',
      },
    ]);
    expect(times).toEqual({ pendingMs: 600_000, quietMs: 90_000, cooldownMs: 7 * 86_400_000, storm: 100 });
  });

  test('what is left out has its default', () => {
    expect(incidents('incidents: { quiet: 1s }')).toEqual({
      rules: [],
      pendingMs: 300_000,
      quietMs: 1000,
      cooldownMs: 3_600_000,
      storm: 10,
    });
  });

  test('knows the same words, and gives the same rules, as incidents themselves', () => {
    expect(INCIDENT_KINDS).toEqual(FINDING_KINDS);
    expect(INCIDENT_SEVERITIES).toEqual(SEVERITIES);
    const { incidents: settings, channels } = load(COMPLETE, 'incidents: { rules: [{ match: {}, ignore: true }] }');
    const rules: readonly IncidentRule[] = settings.rules;
    expect({ ...settings, channel: channels.alerts } satisfies IncidentSettings).toMatchObject({ rules });
  });

  const rule = (match: string) => `incidents: { rules: [{ match: ${match}, ignore: true }] }`;

  test.each<[string, string[]]>([
    ['incidents: on', ['incidents ("on"): the keys rules:, pending:, quiet:, cooldown: and storm:']],
    ['incidents: { quite: 3m }', ['incidents.quite: this key is not known; did you mean quiet?']],
    [
      'incidents: { colour: red }',
      ['incidents.colour: this key', 'known here: rules, pending, quiet, cooldown, storm.'],
    ],
    ['incidents: { rules: ignore }', ['incidents.rules ("ignore"): a list of rules is needed']],
    ['incidents: { rules: [ignore] }', ['incidents.rules[0] ("ignore"): a rule like { match: { severity: info }']],
    ['incidents: { rules: [{ ignore: true }] }', ['incidents.rules[0].match (missing): conditions like { severity']],
    [
      'incidents: { rules: [{ match: {} }] }',
      ['incidents.rules[0] ({"match":{}}): exactly one of ignore, channel is needed'],
    ],
    [
      'incidents: { rules: [{ match: {}, ignore: true, channel: C0123456789 }] }',
      ['incidents.rules[0] (', 'exactly one of ignore, channel is needed'],
    ],
    ['incidents: { rules: [{ match: {}, ignore: false }] }', ['incidents.rules[0].ignore (false): true is needed']],
    [
      'incidents: { rules: [{ match: {}, channel: "#ops" }] }',
      ['incidents.rules[0].channel ("#ops"): a channel id like C0123456789 is needed'],
    ],
    [
      'incidents: { rules: [{ match: {}, chanel: C0123456789 }] }',
      ['incidents.rules[0].chanel: this key is not known; did you mean channel?', 'exactly one of ignore, channel'],
    ],
    [rule('all'), ['incidents.rules[0].match ("all"): conditions like']],
    [rule('{ action: scale }'), ['incidents.rules[0].match.action: this key', 'known here: kind, severity, cluster']],
    [rule('{ label: { a: b } }'), ['incidents.rules[0].match.label: this key is not known; did you mean labels?']],
    [
      rule('{ kind: crashloop }'),
      ['incidents.rules[0].match.kind ("crashloop"): there is no such word; did you mean crash-loop?'],
    ],
    [
      rule('{ kind: [oom-killed, CrashLoopBackOff] }'),
      ['incidents.rules[0].match.kind[1] ("CrashLoopBackOff"): one of node-not-ready, node-pressure,'],
    ],
    [rule('{ kind: [] }'), ['incidents.rules[0].match.kind ([]): one of node-not-ready']],
    [rule('{ kind: 7 }'), ['incidents.rules[0].match.kind (7): one of node-not-ready']],
    [rule('{ severity: warn }'), ['incidents.rules[0].match.severity ("warn"): one of critical, warning, info']],
    [rule('{ severity: criticl }'), ['match.severity ("criticl"): there is no such word; did you mean critical?']],
    [rule('{ cluster: EU }'), ['incidents.rules[0].match.cluster ("EU"): a name or a pattern like eu-*']],
    [rule('{ namespace: "prod-.*" }'), ['incidents.rules[0].match.namespace ("prod-.*"): a name or a pattern']],
    [rule('{ workload: ["api-*", 5] }'), ['incidents.rules[0].match.workload[1] (5): a name or a pattern']],
    [rule('{ labels: payments }'), ['incidents.rules[0].match.labels ("payments"): labels like { team: payments']],
    [
      rule('{ labels: { on-call: true } }'),
      ['incidents.rules[0].match.labels.on-call (true): labels like', 'in quotes'],
    ],
    [rule('{ labels: { team: "a b" } }'), ['incidents.rules[0].match.labels.team ("a b"): labels like']],
    [rule('{ labels: { "team*": x } }'), ['incidents.rules[0].match.labels.team* ("x"): labels like']],
    ['incidents: { pending: 300 }', ['incidents.pending (300): a duration from 1s to 1d is needed, like 30m']],
    ['incidents: { pending: 0s }', ['incidents.pending ("0s"): a duration from 1s to 1d']],
    ['incidents: { quiet: 25h }', ['incidents.quiet ("25h"): a duration from 1s to 1d']],
    ['incidents: { cooldown: 8d }', ['incidents.cooldown ("8d"): a duration from 1s to 7d']],
    ['incidents: { cooldown: soon }', ['incidents.cooldown ("soon"): a duration from 1s to 7d']],
    ['incidents: { storm: 0 }', ['incidents.storm (0): a whole number from 1 to 100 is needed']],
    ['incidents: { storm: 101 }', ['incidents.storm (101): a whole number from 1 to 100']],
    ['incidents: { storm: 2.5 }', ['incidents.storm (2.5): a whole number from 1 to 100']],
    ['incidents: { storm: many }', ['incidents.storm ("many"): a whole number from 1 to 100']],
  ])('%s', (yaml, parts) => {
    const problems = problemsOf(() => load(COMPLETE, yaml)).join('\n');
    for (const part of parts) expect(problems).toContain(part);
  });

  test('a key of the policy’s rules is still looked for among those', () => {
    expect(problemsOf(() => load(COMPLETE, 'policy: [{ match: { kind: a }, allow: true }]'))).toEqual([
      'policy[0].match.kind: this key is not known; known here: action, cluster, namespace, workload, requester.',
    ]);
  });
});

describe('the file: the audit log', () => {
  test('goes where it says, and is kept for as long', () => {
    const { audit } = load(COMPLETE, 'audit: { channel: C0123456789, file: stdout, keep: 400d }');
    expect(audit).toEqual({ channel: 'C0123456789', file: 'stdout', keepMs: 400 * 86_400_000 });
    expect(load(COMPLETE, 'audit: { file: /var/log/opsbot/checkpoints.jsonl, keep: 1d }').audit.keepMs).toBe(
      86_400_000,
    );
  });

  test.each<[string, string[]]>([
    ['audit: on', ['audit ("on"): the keys channel:, file: and keep: are needed']],
    ['audit: { chanel: C0123456789 }', ['audit.chanel: this key is not known; did you mean channel?']],
    ['audit: { channel: "#audit" }', ['audit.channel ("#audit"): a channel id like C0123456789']],
    ['audit: { file: stderr }', ['audit.file ("stderr"): stdout, or the path of a file that begins with /']],
    ['audit: { file: /var/log/ }', ['audit.file ("/var/log/"): stdout, or the path']],
    ['audit: { file: stdout, keep: 12h }', ['audit.keep ("12h"): a duration from 1d to 3650d is needed, like 400d']],
    ['audit: { file: stdout, keep: 1y }', ['audit.keep ("1y"): a duration from 1d']],
    ['audit: { keep: 400d }', ['audit.keep ("400d"): channel: or file: is needed beside it: only entries that']],
  ])('%s', (yaml, parts) => {
    const problems = problemsOf(() => load(COMPLETE, yaml)).join('\n');
    for (const part of parts) expect(problems).toContain(part);
  });
});

describe('parts for the operator’s subcommands', () => {
  test('the file alone, without any token', () => {
    const env = { OPSBOT_CONFIG: '/etc/opsbot.yaml' };
    const readFile = fileReader('policy: [{ match: {}, allow: true }]');
    expect(loadFileConfig(env, { readFile }).policy).toHaveLength(1);
    expect(problemsOf(() => loadFileConfig(env, { readFile: fileReader('polcy: []') }))).toHaveLength(1);
  });

  test('policy check takes a file with incidents, and tells what is wrong there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'opsbot-config-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'opsbot.yaml');
    const check = (yaml: string) => {
      writeFileSync(path, yaml);
      return runOperatorCommand(['policy', 'check', 'shop'], { OPSBOT_CONFIG: path });
    };
    expect(check('incidents: { quiet: 5m }')).toContain('scale      shop');
    expect(() => check('incidents: { quiet: 5 }')).toThrow('incidents.quiet (5): a duration from 1s to 1d');
  });

  test('Redis alone', () => {
    expect(loadRedisConfig({ ...REDIS, LOG_LEVEL: 'loud' })).toEqual({ source: 'url', url: 'redis://redis:6379' });
    expect(problemsOf(() => loadRedisConfig({ REDIS_URL: 'redis' }))).toEqual([
      'REDIS_URL (value hidden): a URL like redis://:password@redis:6379/0 is needed.',
    ]);
  });
});
