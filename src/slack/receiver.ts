import type { Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { SlackConfig } from '../config.ts';
import { ackWhenDone, type Dispatcher } from './ack-when-done.ts';
import { atMost } from './at-most.ts';
import { httpLine } from './http-line.ts';
import { socketLine } from './socket-line.ts';

export interface SlackReceiver extends Receiver {
  start(): Promise<unknown>;
  /** Takes nothing new, then lets what is under way end; each for at most so long. */
  stop(): Promise<void>;
  /** Why no gesture arrives just now; undefined where they do. */
  problem(): string | undefined;
  /** Ways by which gestures arrive just now. */
  connections(): number;
  /** Of the HTTP receiver, once it listens. */
  port(): number | undefined;
}

/**
 * Slack renews a connection about once an hour, and the client then waits 5 s before it opens the next one. Clicks in
 * such a gap would be lost, so there are always two; Slack sends each payload to one of them.
 */
const CONNECTIONS = 2;
/** ms that the lines may take to close. */
const LEAVE_WITHIN_MS = 6_000;
/** ms that what has come may take to be dealt with. */
const FINISH_WITHIN_MS = 3_000;

export function createReceiver(config: SlackConfig, log: Logger): SlackReceiver {
  const lines =
    config.transport === 'socket'
      ? Array.from({ length: CONNECTIONS }, () => socketLine(config, log))
      : [httpLine(config, log)];
  let dispatcher: Dispatcher | undefined;
  const connections = () => lines.filter((line) => line.isOpen()).length;
  const left = () => atMost(LEAVE_WITHIN_MS, Promise.allSettled(lines.map((line) => line.leave())));
  return {
    init(app) {
      dispatcher = ackWhenDone(app);
      for (const line of lines) line.init(dispatcher);
    },
    async start() {
      const started = await Promise.allSettled(lines.map((line) => line.start()));
      const failed = started.find((result) => result.status === 'rejected');
      if (!failed) return;
      await left();
      throw failed.reason;
    },
    async stop() {
      await left();
      // Also what came while Slack did not know yet that this end is closing.
      await atMost(FINISH_WITHIN_MS, dispatcher?.idle());
    },
    problem: () => (connections() > 0 ? undefined : 'Slack is not connected'),
    connections,
    port: () => lines[0]?.port(),
  };
}
