import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import packageFile from '../package.json' with { type: 'json' };
import { actions } from './actions/index.ts';
import type { Config } from './config.ts';
import { globMatches } from './glob.ts';
import { problemsOf, type ReadinessChecks, startHttpServer } from './http-server.ts';
import { createKeys } from './requests/keys.ts';
import { startAgent } from './start-agent.ts';
import { type Role, startHub } from './start-hub.ts';
import { stopSignal } from './stop-signal.ts';
import { createMetrics, type Metrics } from './telemetry/metrics.ts';
import type { Tracing } from './telemetry/tracing.ts';

/** How long a SIGTERM may take, in ms, before what is left is abandoned: inside Kubernetes' default grace of 30 s. */
const GRACE_MS = 20_000;
/**
 * How long a role that is just starting may still take, in ms, where opsbot is to stop: one that gets there is ended in
 * order. One that waits for Redis or Slack takes part in nothing yet.
 */
const START_GRACE_MS = 2_000;

/** Starts the roles that the configuration names and runs until SIGTERM or SIGINT, which count from the first moment. */
export async function serve(config: Config, logger: Logger): Promise<void> {
  const stopping = stopSignal();
  const roles: Role[] = [];
  let phase: string | undefined = 'opsbot is starting';
  const checks: ReadinessChecks = { opsbot: () => phase };
  const tracing = await tracingOf(config, logger);
  const metrics = measure(config, checks, logger);
  const http = await startHttpServer({ port: config.httpPort, checks, metrics: metrics.page, logger });

  const starting = startRoles(config, { metrics, logger }, (role) => {
    roles.push(role);
    Object.assign(checks, role.checks);
  });
  const isRunning = await Promise.race([starting.then(() => true), stopping.then(() => false)]);
  if (isRunning) {
    phase = undefined;
    logger.info({ roles: config.roles, cluster: config.cluster, port: http.port }, 'opsbot is running');
    await stopping;
  }

  // Said at once, so that nothing new is sent here while what is in hand is finished.
  phase = 'opsbot is stopping';
  logger.info('stopping');
  setTimeout(() => {
    logger.warn('abandoning what is left; it goes on from what is stored');
    process.exit(0);
  }, GRACE_MS);
  if (!isRunning) await startedOrGivenUp(starting, logger);
  await Promise.all(roles.map((role) => role.stop()));
  await tracing?.stop();
  await http.close();
  logger.info('stopped');
  process.exit(0);
}

/** Loaded only where traces are wanted: the packages take memory. */
async function tracingOf({ tracing }: Config, logger: Logger): Promise<Tracing | undefined> {
  if (!tracing) return undefined;
  const { startTracing } = await import('./telemetry/tracing.ts');
  return startTracing(tracing, logger);
}

function measure(config: Config, checks: ReadinessChecks, logger: Logger): Metrics {
  const metrics = createMetrics({
    version: packageFile.version,
    roles: (['hub', 'agent'] as const).filter((role) => config.roles[role]),
    cluster: config.cluster,
    actions: actions.map(({ name }) => name),
    async readiness() {
      const problems = Object.entries(await problemsOf(checks));
      return Object.fromEntries(problems.map(([part, problem]) => [part, problem === undefined]));
    },
    logger,
  });
  metrics.measureProcess();
  return metrics;
}

/** `onStart` is told of each role as soon as it runs. */
async function startRoles(
  config: Config,
  { metrics, logger }: { metrics: Metrics; logger: Logger },
  onStart: (role: Role) => void,
): Promise<void> {
  const keys = createKeys();
  const allowsNamespace = (namespace: string) => config.namespaces.some((pattern) => globMatches(pattern, namespace));
  const { slack, kubernetes } = config;
  const agent =
    kubernetes && (await startAgent({ config: { ...config, kubernetes }, keys, allowsNamespace, metrics, logger }));
  if (agent) onStart(agent);
  if (!slack) return;
  const snapshot = agent?.snapshot;
  onStart(await startHub({ config: { ...config, slack }, keys, snapshot, allowsNamespace, metrics, logger }));
}

/** The process ends anyway: it no longer matters why it could not have started. */
async function startedOrGivenUp(starting: Promise<void>, logger: Logger): Promise<void> {
  const given = starting.catch((err: unknown) => logger.warn({ err }, 'the start was going wrong'));
  await Promise.race([given, delay(START_GRACE_MS, undefined, { ref: false })]);
}
