import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Gate, Line } from './crash-gate.ts';
import { type CreateStepNames, createRedisStepNames } from './crash-redis-steps.ts';

/** Cuts what a Redis client sends into commands; what is not complete yet waits for the next chunk. */
function createCommandReader() {
  let rest: Buffer = Buffer.alloc(0);

  function readLine(at: number): { value: number; next: number } | undefined {
    const end = rest.indexOf('\r\n', at);
    return end < 0 ? undefined : { value: Number(rest.toString('latin1', at + 1, end)), next: end + 2 };
  }

  function take(): { words: string[]; bytes: Buffer } | undefined {
    const count = readLine(0);
    if (!count) return undefined;
    const words: string[] = [];
    let at = count.next;
    while (words.length < count.value) {
      const length = readLine(at);
      if (!length) return undefined;
      const end = length.next + length.value;
      if (rest.length < end + 2) return undefined;
      words.push(rest.toString('utf8', length.next, end));
      at = end + 2;
    }
    const bytes = rest.subarray(0, at);
    rest = rest.subarray(at);
    return { words, bytes };
  }

  return function* read(chunk: Buffer) {
    rest = Buffer.concat([rest, chunk]);
    for (let command = take(); command; command = take()) yield command;
  };
}

/** Passes a process's commands on to Redis until the gate shuts. */
export async function startRedisLine(
  redisUrl: string,
  gate: Gate,
  createStepNames: CreateStepNames = createRedisStepNames,
): Promise<Line> {
  const { hostname, port } = new URL(redisUrl);
  const open = new Set<Socket>();
  const knownScripts = new Set<string>();

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const read = createCommandReader();
    const stepOf = createStepNames(knownScripts);
    const end = () => {
      client.destroy();
      upstream.destroy();
      open.delete(client);
    };
    open.add(client);
    for (const socket of [client, upstream]) socket.setNoDelay().on('error', end).on('close', end);
    client.on('data', (chunk) => {
      for (const { words, bytes } of read(chunk)) {
        const step = stepOf(words);
        if (gate.isShut || (step !== undefined && !gate.passes(step))) return;
        upstream.write(bytes);
      }
    });
    upstream.pipe(client);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const client of open) client.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
