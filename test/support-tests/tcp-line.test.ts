import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTcpLine, type TcpLine } from '../support/tcp-line.ts';

/** Long enough for what shall not happen to happen on the loopback, in ms. */
const A_WHILE = 60;

const noLaterThan = (ms: number) => AbortSignal.timeout(ms);

describe('a line', () => {
  let line: TcpLine;
  let arrived: string[];
  const server = createServer((socket) => {
    socket.on('data', (chunk) => {
      arrived.push(String(chunk));
      socket.write(`you said ${chunk}`);
    });
    socket.on('error', () => undefined);
  });

  beforeEach(async () => {
    arrived = [];
    await once(server.listen(0, '127.0.0.1'), 'listening');
    line = await startTcpLine((server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await line.close();
    await new Promise((resolve) => server.close(resolve));
  });

  const dial = () => connect(line.port, '127.0.0.1').on('error', () => undefined); // whoever waits for it sees it
  async function call(): Promise<Socket> {
    const socket = dial();
    await once(socket, 'connect');
    return socket;
  }
  async function ask(socket: Socket, words: string): Promise<string> {
    socket.write(words);
    const [answer] = await once(socket, 'data', { signal: noLaterThan(2_000) });
    return String(answer);
  }
  /** The code with which it ends. */
  async function endOf(socket: Socket): Promise<string | undefined> {
    const [error] = await once(socket, 'error', { signal: noLaterThan(2_000) });
    return (error as NodeJS.ErrnoException).code;
  }

  it('passes on what is said, both ways and in its order', async () => {
    const socket = await call();
    expect(await ask(socket, 'one')).toBe('you said one');
    const all = text(socket);
    for (const word of ['a', 'b', 'c']) socket.write(word);
    socket.end();
    expect(await all).toContain('c');
    expect(arrived.join('')).toBe('oneabc');
  });

  it('resets every connection when it is cut, and takes new ones', async () => {
    const sockets = await Promise.all([call(), call()]);
    for (const socket of sockets) await ask(socket, 'x');
    expect(line.connections()).toBe(2);
    const ends = Promise.all(sockets.map(endOf));
    line.cut();
    expect(await ends).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(await ask(await call(), 'again')).toBe('you said again');
  });

  it('refuses connections until it is healed', async () => {
    const socket = await call();
    await ask(socket, 'x');
    const end = endOf(socket);
    line.refuse();
    expect(await end).toBe('ECONNRESET');
    expect(await endOf(dial())).toBe('ECONNREFUSED');
    line.heal();
    expect(await ask(await call(), 'back')).toBe('you said back');
  });

  it('takes its time, each way', async () => {
    const socket = await call();
    line.slow(A_WHILE);
    const from = performance.now();
    await ask(socket, 'slowly');
    expect(performance.now() - from).toBeGreaterThan(2 * A_WHILE - 5);
    line.heal();
    const again = performance.now();
    await ask(socket, 'fast');
    expect(performance.now() - again).toBeLessThan(2 * A_WHILE);
  });

  it('holds back what is said while it stalls, also on new connections, and ends none', async () => {
    const socket = await call();
    await ask(socket, 'x');
    line.stall();
    const other = await call();
    const answers = Promise.all([ask(socket, 'old'), ask(other, 'new')]);
    await expect(once(socket, 'data', { signal: noLaterThan(A_WHILE) })).rejects.toThrow();
    expect(arrived).toEqual(['x']);
    line.heal();
    expect(await answers).toEqual(['you said old', 'you said new']);
  });

  it('ends connections whose server is not there', async () => {
    await new Promise((resolve) => server.close(resolve));
    const socket = dial();
    await once(socket, 'close', { signal: noLaterThan(2_000) });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
});
