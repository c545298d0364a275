import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { globMatches } from './glob.ts';
import { startHealthServer } from './health.ts';
import { createKeys } from './requests/keys.ts';
import { startAgent } from './start-agent.ts';
import { type Role, startHub } from './start-hub.ts';

/** How long a SIGTERM may take, in ms, before what is left is abandoned: inside Kubernetes' default grace of 30 s. */
const GRACE_MS = 20_000;

/** Starts the roles that the configuration names and runs until SIGTERM or SIGINT. */
export async function serve(config: Config, logger: Logger): Promise<void> {
  const keys = createKeys();
  const allowsNamespace = (namespace: string) => config.namespaces.some((pattern) => globMatches(pattern, namespace));
  const roles: Role[] = [];
  const { slack, kubernetes } = config;

  const agent = kubernetes && (await startAgent({ config: { ...config, kubernetes }, keys, allowsNamespace, logger }));
  if (agent) roles.push(agent);
  if (slack) {
    roles.unshift(
      await startHub({ config: { ...config, slack }, keys, snapshot: agent?.snapshot, allowsNamespace, logger }),
    );
  }
  const checks = Object.assign({}, ...roles.map((role) => role.checks));
  const health = await startHealthServer(config.httpPort, checks, logger);
  logger.info({ roles: config.roles, cluster: config.cluster, port: health.port }, 'opsbot is running');

  await stopSignal();
  logger.info('stopping');
  const abandon = setTimeout(() => {
    logger.warn('abandoning what is left; it goes on from what is stored');
    process.exit(0);
  }, GRACE_MS);
  await Promise.all(roles.map((role) => role.stop()));
  await health.close();
  clearTimeout(abandon);
  logger.info('stopped');
  process.exit(0);
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    // Ctrl-C reaches the process twice where npm passes it on: the second one must not kill it.
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
  });
}
