import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Below the ports that systems hand out by themselves (Linux from 32768, others from 49152): between our looking and the
 * binding of whoever is told the port, no connection of somebody else can get it by chance.
 */
const LOWEST = 15_000;
const HIGHEST = 32_000;

/** Ports that were free a moment ago; whoever binds them should be ready to try others. */
export async function freePorts(count: number): Promise<number[]> {
  const taken: { port: number; server: Server }[] = [];
  while (taken.length < count) {
    const port = randomInt(LOWEST, HIGHEST);
    const server = await listening(port);
    if (server) taken.push({ port, server });
  }
  await Promise.all(taken.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  return taken.map(({ port }) => port);
}

async function listening(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}
