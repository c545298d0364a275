import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openConnections } from '../../jobs/connection.ts';
import { createQueues, type Queues } from '../../jobs/queues.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { startTcpLine, type TcpLine } from '../support/tcp-line.ts';

/** A Redis at the other end of a line that can fail, as a role reaches it. */
let server: OwnRedis;
let line: TcpLine;
let connections: Awaited<ReturnType<typeof openConnections>>;
let queues: Queues | undefined;
beforeEach(async () => {
  server = await startOwnRedis();
  line = await startTcpLine(Number(new URL(server.url).port));
  const url = `redis://127.0.0.1:${line.port}`;
  connections = await openConnections({ source: 'url', url }, pino({ level: 'silent' }));
});
afterEach(async () => {
  await queues?.close();
  connections.disconnect();
  await line.close();
  await server.stop();
});

/** Not by events.once: what the connection says of its errors is none here. */
const heard = (event: 'close' | 'ready') =>
  new Promise<void>((resolve) => connections.redis.once(event, () => resolve()));

it('take jobs again where the connection was lost in the moment in which they were opened', async () => {
  line.stall();
  queues = createQueues(connections.redis, server.prefix);
  const { homes } = queues;
  // What a queue may ask first is on its way by then; it is given up when the second try to connect has failed, too.
  await new Promise((resolve) => setImmediate(resolve));
  line.refuse();
  for (let time = 0; time < 4; time++) await heard('close');
  line.heal();
  await heard('ready');
  expect((await homes.add('publish', { user: 'UALICE' })).id).toBeDefined();
});

it('that are opened while Redis is away fail at once, and take jobs when it is back', async () => {
  line.refuse();
  await heard('close');
  queues = createQueues(connections.redis, server.prefix);
  const { homes } = queues;
  await expect(homes.add('publish', { user: 'UALICE' })).rejects.toThrow('writeable');
  line.heal();
  await heard('ready');
  expect((await homes.add('publish', { user: 'UALICE' })).id).toBeDefined();
});
