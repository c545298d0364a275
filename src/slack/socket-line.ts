import type { Socket } from 'node:net';
import { type App, SocketModeReceiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { SlackConfig } from '../config.ts';
import { atMost } from './at-most.ts';
import { boltLogger } from './bolt-logger.ts';
import { createFarewell } from './farewell.ts';
import type { Line } from './line.ts';
import { createUnanswered, type Unanswered } from './unanswered.ts';

/** Slack takes no ack after this long, in ms: nothing is gained by waiting longer for one. */
const ACK_WITHIN_MS = 3_000;
/** ms that Slack has to say where to connect. Without a limit one lost answer would keep the line closed for minutes. */
const OPENS_WITHIN_MS = 5_000;
/** ms that Slack has to answer a Close. What it sent before it knew of it comes before that answer. */
const CLOSE_WITHIN_MS = 2_000;

/**
 * One Socket Mode connection. Slack sends each payload to any one of the app's connections, so on leaving there is always
 * a moment when it may still send one that can no longer be acked. Such a payload is worked on like any other: an event
 * comes again by another connection and is known by its key; of an interaction the person sees the effect, beside
 * Slack's word that the app did not answer.
 */
export function socketLine(config: Extract<SlackConfig, { transport: 'socket' }>, log: Logger): Line {
  const farewell = createFarewell();
  const receiver = new SocketModeReceiver({
    appToken: config.appToken,
    logger: boltLogger(log),
    dispatcher: farewell.dispatcher,
    // Else the calls would go through the dispatcher as well, and their connections pass for the WebSocket's.
    installerOptions: { clientOptions: { slackApiUrl: config.apiUrl, fetch, timeout: OPENS_WITHIN_MS } },
  });
  const { client } = receiver;
  let unanswered: Unanswered | undefined;
  let isOpen = false;
  let isLeaving = false;
  client.on('connected', () => {
    isOpen = !isLeaving;
    // It was being opened when the line was left.
    if (isLeaving) void client.disconnect();
  });
  client.on('close', () => {
    isOpen = false;
    // Slack leaves the connection below open, and the client lets go only of one that it has opened itself.
    farewell.socket()?.destroy();
  });

  async function sayGoodbye(socket: Socket): Promise<void> {
    await atMost(ACK_WITHIN_MS, unanswered?.none());
    unanswered?.dropAcks();
    const closed = new Promise<void>((resolve) => {
      const look = () => !client.websocket?.isActive() && resolve();
      socket.on('data', () => setImmediate(look)).on('close', () => resolve());
    });
    farewell.say();
    await atMost(CLOSE_WITHIN_MS, closed);
  }

  return {
    init(dispatcher) {
      unanswered = createUnanswered(dispatcher);
      receiver.init(unanswered as unknown as App);
    },
    start: () => receiver.start(),
    async leave() {
      isLeaving = true;
      const socket = farewell.socket();
      if (isOpen && socket) await sayGoodbye(socket);
      isOpen = false;
      // A start that still waits for its connection would reject with nothing, and nobody is there to hear it.
      client.removeAllListeners('disconnected');
      // The receiver's own stop() resolves before it has disconnected.
      await client.disconnect();
    },
    isOpen: () => isOpen,
    port: () => undefined,
  };
}
