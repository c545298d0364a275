import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type App, HTTPReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { SlackConfig } from '../config.ts';
import { boltLogger } from './bolt-logger.ts';
import type { Line } from './line.ts';

/**
 * How long requests are still taken on leaving, in ms. Kubernetes tells whoever balances the load that a pod is going at
 * the same time as it tells the pod, and that takes a moment to get round; a request that finds the port closed is an
 * error for a person, because Slack sends an interaction only once.
 */
const LINGER_MS = 3_000;

/** Signed requests by HTTP. */
export function httpLine(config: Extract<SlackConfig, { transport: 'http' }>, log: Logger): Line {
  const receiver = new HTTPReceiver({
    signingSecret: config.signingSecret,
    port: config.port,
    logger: boltLogger(log),
  });
  let server: Server | undefined;
  return {
    init: (dispatcher) => receiver.init(dispatcher as unknown as App),
    async start() {
      server = (await receiver.start(config.port)) as Server;
    },
    async leave() {
      if (!server) return;
      // Nobody shall keep a connection for the next request.
      server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'));
      await delay(LINGER_MS);
      const closing = receiver.stop();
      server.closeIdleConnections();
      await closing;
    },
    isOpen: () => server?.listening === true,
    port: () => (server?.address() as AddressInfo | null | undefined)?.port,
  };
}
