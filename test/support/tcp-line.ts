import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from './free-ports.ts';

/** A line to a server, whatever is spoken over it, that can fail in the ways in which networks do. */
export interface TcpLine {
  /** Of the loopback address: connect here instead of there. */
  port: number;
  /** Connections that are open now. */
  connections(): number;
  /** Resets every open connection; new ones are taken. */
  cut(): void;
  /** Resets every open connection and refuses new ones until it is healed. */
  refuse(): void;
  /** Every chunk takes so much longer, each way; in ms. */
  slow(ms: number): void;
  /** Nothing gets through any more, and nobody is told: what is sent is held back until it is healed. */
  stall(): void;
  /** As in the beginning. What was held back gets through now. */
  heal(): void;
  close(): Promise<void>;
}

/** Where it leads to, on the loopback address. */
export async function startTcpLine(target: number): Promise<TcpLine> {
  const open = new Set<Socket>();
  let latency = 0;
  let passage = Promise.resolve();
  let letThrough = () => {};
  let isClosed = false;

  /** One chunk at a time, so that they arrive in their order. */
  function pass(from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      from.pause();
      void onItsWay().then(() => {
        if (to.writable) to.write(chunk);
        from.resume();
      });
    });
    from.on('end', () => void onItsWay().then(() => to.end()));
  }

  async function onItsWay(): Promise<void> {
    if (latency > 0) await delay(latency);
    await passage;
  }

  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
    const ends = [near, far];
    const end = () => {
      for (const socket of ends) socket.destroy();
      open.delete(near);
    };
    open.add(near);
    for (const socket of ends) socket.setNoDelay().on('error', end).on('close', end);
    pass(near, far);
    pass(far, near);
  });

  async function listen(port: number): Promise<void> {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  }

  async function listenSomewhere(): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const [port] = (await freePorts(1)) as [number];
      try {
        await listen(port);
        return port;
      } catch (error) {
        // Somebody else took the port between the look and the binding.
        if (attempt === 5 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      }
    }
  }

  function cut(): void {
    for (const socket of open) socket.resetAndDestroy();
  }

  function letAllThrough(): void {
    letThrough();
    passage = Promise.resolve();
  }

  const port = await listenSomewhere();
  return {
    port,
    connections: () => open.size,
    cut,
    refuse() {
      server.close();
      cut();
    },
    slow(ms) {
      latency = ms;
    },
    stall() {
      letAllThrough();
      passage = new Promise((resolve) => {
        letThrough = resolve;
      });
    },
    heal() {
      latency = 0;
      letAllThrough();
      if (!server.listening && !isClosed) server.listen(port, '127.0.0.1');
    },
    async close() {
      isClosed = true;
      letAllThrough();
      cut();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}
