import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openConnections } from '../../jobs/connection.ts';
import { redisProblem } from '../../jobs/redis-problem.ts';
import { databaseAway } from '../../src/requests/answering.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';

let server: OwnRedis;
let admin: Redis;
let connections: Awaited<ReturnType<typeof openConnections>>;
beforeAll(async () => {
  server = await startOwnRedis();
  admin = new Redis(server.url);
  connections = await openConnections({ source: 'url', url: server.url }, pino({ level: 'silent' }));
});
afterAll(async () => {
  admin.disconnect();
  connections.disconnect();
  await server.stop();
});

const problem = () => redisProblem(connections.redis, `${server.prefix}:probe`);
const refused = (write: Promise<unknown>) => write.then(() => 'taken', databaseAway);

it('there is none with a Redis that takes what is written', async () => {
  expect(await problem()).toBeUndefined();
});

it('one that is full answers, and takes nothing: both who runs opsbot and whoever asks hear why', async () => {
  await admin.config('SET', 'maxmemory', '1mb');
  expect(await problem()).toBe('Redis is full');
  const script = `return redis.call('SET', KEYS[1], '1')`;
  const answer = await refused(connections.redis.eval(script, 1, `${server.prefix}:other`));
  expect(answer).toMatchObject({ message: 'opsbot’s database (Redis) is full.' });
  await admin.config('SET', 'maxmemory', '0');
  expect(await problem()).toBeUndefined();
});

it('one that hangs is found out soon', async () => {
  server.hang();
  const from = performance.now();
  expect(await problem()).toBe('Redis does not answer');
  expect(performance.now() - from).toBeLessThan(2_000);
  server.wake();
  await expect.poll(problem).toBeUndefined();
});

it('one that has become a replica is left by every connection that writes to it', async () => {
  const all = [connections.redis, connections.work];
  const ids = () => Promise.all(all.map((redis) => redis.client('ID')));
  const before = await ids();
  await admin.replicaof('127.0.0.1', 1);
  expect(await problem()).toBe('Redis is being replaced by another');
  await expect(connections.work.set(`${server.prefix}:other`, '1')).rejects.toThrow('READONLY');
  const still = async () => (await ids().catch(() => before)).filter((id) => before.includes(id));
  await expect.poll(still).toEqual([]);
  await admin.replicaof('NO', 'ONE');
  expect(await problem()).toBeUndefined();
});

it('one that is gone without a word is not waited for by the connection that answers people', async () => {
  server.hang();
  const left = new Promise((resolve) => connections.redis.once('close', () => resolve('left')));
  expect(await problem()).toBe('Redis does not answer');
  expect(await left).toBe('left');
  server.wake();
  await expect.poll(problem, { timeout: 5_000 }).toBeUndefined();
});
