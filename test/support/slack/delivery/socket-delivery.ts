import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../clock.ts';
import { APP } from '../fixtures.ts';
import type { Journal } from '../journal.ts';
import type { Random } from '../random.ts';
import { ACK_MS, type Delivered, type Delivery, type Envelope } from './delivery.ts';
import { farLine } from './far-line.ts';

const MOST_CONNECTIONS = 10;
const TICKET_MS = 30_000;
const PING_MS = 10_000;

export type DisconnectReason = 'refresh_requested' | 'warning' | 'link_disabled' | 'too_many_websockets';

interface Connection {
  id: number;
  socket: WebSocket;
  /** Told to leave: gets nothing new, may still ack. */
  leaving: boolean;
  pending: Map<string, (result: Settled) => void>;
}
type Settled = { payload: unknown } | 'timeout' | 'closed';

export interface SocketDelivery extends Delivery {
  /** A ticket for one connection: the end of the URL of apps.connections.open. */
  ticket(): string;
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  connections(): number;
  /** Sends `disconnect` to every connection, or to one of them; the client is expected to leave and come again. */
  disconnect(reason: DisconnectReason, which?: 'all' | 'one'): void;
  /** Drops every connection without a word, as a network does. */
  drop(): void;
}

interface Context {
  clock: Clock;
  random: Random;
  journal: Journal;
  /** ms that everything is on its way, each way; 0: nothing is. */
  linkMs: number;
}

/**
 * Socket Mode: each envelope goes to one of the open connections, chosen by the seeded random. “When multiple connections
 * are active, each payload may be sent to any of the connections” (docs.slack.dev/apis/events-api/using-socket-mode); an
 * app can only end that by closing one, so Slack goes on sending until the Close has arrived. No ack can come after it: an
 * envelope that had none by then counts as not acked. An event is sent again, to whichever connection is open then; of an
 * interaction the person sees an error.
 */
export function createSocketDelivery({ clock, random, journal, linkMs }: Context): SocketDelivery {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Map<string, number>();
  const connections = new Set<Connection>();
  let count = 0;
  const send = (connection: Connection, message: unknown) => connection.socket.send(JSON.stringify(message));
  const debugInfo = (connection: Connection) => ({
    host: `applink-${connection.id}`,
    approximate_connection_time: 18_060,
  });

  const receive = (connection: Connection, data: string) => {
    const message = JSON.parse(data) as { envelope_id?: string; payload?: unknown };
    const settle = connection.pending.get(message.envelope_id ?? '');
    if (settle) settle({ payload: message.payload });
    else {
      const late = 'the envelope is unknown, acked before, or its 3 seconds are over';
      journal.violated({ kind: 'bad-ack', name: 'socket', error: 'unknown_envelope', reasons: [late], args: message });
    }
  };

  const welcome = (socket: WebSocket) => {
    const connection: Connection = { id: ++count, socket, leaving: false, pending: new Map() };
    if (connections.size >= MOST_CONNECTIONS) {
      send(connection, { type: 'disconnect', reason: 'too_many_websockets', debug_info: debugInfo(connection) });
      return socket.close();
    }
    connections.add(connection);
    const pings = setInterval(() => socket.ping(), PING_MS);
    pings.unref();
    socket.on('message', (data) => receive(connection, String(data)));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      clearInterval(pings);
      connections.delete(connection);
      for (const settle of [...connection.pending.values()]) settle('closed');
      journal.changed();
    });
    send(connection, {
      type: 'hello',
      num_connections: connections.size,
      connection_info: { app_id: APP.id },
      debug_info: debugInfo(connection),
    });
    journal.changed();
  };

  const answerOf = (connection: Connection, envelope: Envelope) =>
    new Promise<Settled>((resolve) => {
      const id = randomUUID();
      const settle = (result: Settled) => {
        cancel();
        connection.pending.delete(id);
        resolve(result);
      };
      const cancel = clock.after(ACK_MS, () => settle('timeout'));
      connection.pending.set(id, settle);
      send(connection, {
        envelope_id: id,
        type: envelope.kind,
        payload: envelope.payload,
        accepts_response_payload: envelope.acceptsResponse,
        ...(envelope.kind === 'events_api'
          ? { retry_attempt: envelope.retry?.num ?? 0, retry_reason: envelope.retry?.reason ?? '' }
          : {}),
      });
    });

  return {
    ticket() {
      const ticket = randomUUID();
      tickets.set(ticket, clock.now() + TICKET_MS);
      return ticket;
    },
    accept(request, socket, head) {
      const ticket = URL.parse(request.url ?? '/', 'http://localhost')?.searchParams.get('ticket') ?? '';
      const valid = (tickets.get(ticket) ?? 0) >= clock.now();
      tickets.delete(ticket);
      if (!valid) return void socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      server.handleUpgrade(request, linkMs > 0 ? farLine(socket, linkMs) : socket, head, welcome);
    },
    async deliver(envelope): Promise<Delivered> {
      const open = [...connections].filter(({ leaving, socket }) => !leaving && socket.readyState === socket.OPEN);
      const chosen = open[random.below(open.length)];
      if (!chosen) return { acked: false, error: 'dispatch_failed', retryReason: 'connection_failed', ms: 0 };
      const began = clock.now();
      const settled = await answerOf(chosen, envelope);
      const ms = clock.now() - began;
      if (typeof settled === 'object') return { acked: true, payload: settled.payload, ms };
      if (settled === 'closed') return { acked: false, error: 'dispatch_failed', retryReason: 'connection_failed', ms };
      return { acked: false, error: 'operation_timeout', retryReason: 'timeout', ms };
    },
    connections: () => connections.size,
    disconnect(reason, which = 'all') {
      const staying = [...connections].filter(({ leaving }) => !leaving);
      for (const connection of which === 'all' ? staying : staying.slice(0, 1)) {
        connection.leaving = true;
        send(connection, { type: 'disconnect', reason, debug_info: debugInfo(connection) });
      }
    },
    drop() {
      for (const { socket } of connections) socket.terminate();
    },
    async close() {
      for (const { socket } of connections) socket.terminate();
      server.close();
    },
  };
}
