import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';

/** FIN with opcode 8 (Close), masked, two bytes long: RFC 6455, 5.2 and 5.5.1. */
const CLOSE_HEAD = [0x88, 0x82];
/** The status 1000: an end as intended. */
const NORMAL = [0x03, 0xe8];

/**
 * The client's own way to close a WebSocket throws away whatever still arrives: the standard's `message` event ends with
 * `close()`. But Slack goes on sending until the Close has reached it, and sends an interaction only once. So the Close is
 * written to the connection below the client, which goes on reading until Slack's own Close.
 */
export interface Farewell {
  /** For the client, which has to open its WebSocket with it. */
  dispatcher: Dispatcher;
  /** The WebSocket's connection; undefined before there is one. */
  socket(): Socket | undefined;
  /** Sends the Close. By RFC 6455 no ack may be sent after it. */
  say(): void;
}

export function createFarewell(): Farewell {
  const connect = buildConnector({ allowH2: false });
  let current: Socket | undefined;
  const dispatcher = new Agent({
    connect(options, callback) {
      connect(options, (...opened: Parameters<typeof callback>) => {
        current = opened[1] ?? undefined;
        callback(...opened);
      });
    },
  });
  return {
    dispatcher,
    socket: () => current,
    say() {
      const mask = randomBytes(2 * NORMAL.length);
      const status = NORMAL.map((byte, at) => byte ^ (mask[at] ?? 0));
      current?.write(Buffer.from([...CLOSE_HEAD, ...mask, ...status]));
    },
  };
}
