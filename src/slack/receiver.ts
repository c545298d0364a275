import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type App, HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { SlackConfig } from '../config.ts';
import { ackWhenDone, type Dispatcher } from './ack-when-done.ts';
import { boltLogger } from './bolt-logger.ts';

export interface SlackReceiver extends Receiver {
  start(): Promise<unknown>;
  /** Lets what is under way end (for at most `STOP_WITHIN_MS`), then closes the connections. */
  stop(): Promise<void>;
  /** Why no gesture arrives just now; undefined where they do. */
  problem(): string | undefined;
  /** Of the HTTP receiver, once it listens. */
  port(): number | undefined;
}

/**
 * Slack renews a connection about once an hour, and the client then waits 5 s before it opens the next one. Clicks in
 * such a gap would be lost, so there are always two; Slack sends each payload to one of them.
 */
const CONNECTIONS = 2;
/** ms. */
const STOP_WITHIN_MS = 3_000;

interface Line {
  init(app: App): void;
  start(): Promise<unknown>;
  stop(): Promise<unknown>;
  isOpen(): boolean;
  port(): number | undefined;
}

export function createReceiver(config: SlackConfig, log: Logger): SlackReceiver {
  const lines =
    config.transport === 'socket'
      ? Array.from({ length: CONNECTIONS }, () => socketLine(config, log))
      : [httpLine(config, log)];
  let dispatcher: Dispatcher | undefined;
  const closed = () => Promise.allSettled(lines.map((line) => line.stop()));
  return {
    init(app) {
      dispatcher = ackWhenDone(app);
      for (const line of lines) line.init(dispatcher as unknown as App);
    },
    async start() {
      const started = await Promise.allSettled(lines.map((line) => line.start()));
      const failed = started.find((result) => result.status === 'rejected');
      if (!failed) return;
      await closed();
      throw failed.reason;
    },
    async stop() {
      await atMost(STOP_WITHIN_MS, dispatcher?.idle());
      await atMost(STOP_WITHIN_MS, closed());
    },
    problem: () => (lines.some((line) => line.isOpen()) ? undefined : 'Slack is not connected'),
    port: () => lines[0]?.port(),
  };
}

function socketLine(config: Extract<SlackConfig, { transport: 'socket' }>, log: Logger): Line {
  const receiver = new SocketModeReceiver({
    appToken: config.appToken,
    logger: boltLogger(log),
    installerOptions: { clientOptions: { slackApiUrl: config.apiUrl } },
  });
  let isOpen = false;
  receiver.client.on('connected', () => {
    isOpen = true;
  });
  receiver.client.on('close', () => {
    isOpen = false;
  });
  return {
    init: (app) => receiver.init(app),
    start: () => receiver.start(),
    // The receiver's own stop() resolves before it has disconnected.
    stop: () => receiver.client.disconnect(),
    isOpen: () => isOpen,
    port: () => undefined,
  };
}

function httpLine(config: Extract<SlackConfig, { transport: 'http' }>, log: Logger): Line {
  const receiver = new HTTPReceiver({
    signingSecret: config.signingSecret,
    port: config.port,
    logger: boltLogger(log),
  });
  let server: Server | undefined;
  return {
    init: (app) => receiver.init(app),
    async start() {
      server = (await receiver.start(config.port)) as Server;
    },
    async stop() {
      if (!server) return;
      const closing = receiver.stop();
      server.closeIdleConnections();
      await closing;
    },
    isOpen: () => server?.listening === true,
    port: () => (server?.address() as AddressInfo | null | undefined)?.port,
  };
}

async function atMost(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    work,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    }),
  ]);
  clearTimeout(timer);
}
