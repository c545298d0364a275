import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditStream } from '../../jobs/audit-stream.ts';
import type { LoggedEntry } from '../../src/requests/audit-log.ts';
import { checkpointLine } from '../../src/requests/checkpoint.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { startHubKit } from '../requests/hub-kit.ts';
import { storeLog } from '../requests/memory-log.ts';
import { T0 } from '../requests/sample.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** As an operator runs it, in a shell. */
describe('opsbot audit', () => {
  let server: OwnRedis;
  let redis: Redis;
  let written: LoggedEntry[];
  const keys = createKeys();

  beforeAll(async () => {
    const kit = await startHubKit();
    await kit.pending();
    written = await createAuditStream(kit.redis, kit.keys).after(undefined, 100);
    await kit.stop();

    server = await startOwnRedis();
    redis = new Redis(server.url);
    await storeLog(redis, keys, written);
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  function opsbot(line: string, { stdin = '' } = {}) {
    return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const env = { PATH: process.env.PATH, REDIS_URL: server.url };
      const args = [MAIN, 'audit', ...line.split(' ')];
      const child = execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      });
      child.stdin?.end(stdin);
    });
  }

  it('verifies by a checkpoint from stdin, exports to a pipe, and tells of tampering by the exit code', async () => {
    const stdin = checkpointLine({ at: T0, entries: written.length, head: written.at(-1)?.hash ?? '' });
    const sound = await opsbot('verify --checkpoints -', { stdin });
    expect(sound).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Complete up to entry') });

    await redis.xdel(keys.audit, written[1]?.id ?? '');
    const [json, csv] = await Promise.all([opsbot('export'), opsbot('export --format csv')]);
    expect(json).toMatchObject({ code: 2, stderr: expect.stringContaining('TAMPERED WITH: entry 2 ') });
    expect(json.stdout.trimEnd().split('\n')).toHaveLength(written.length - 1);
    expect(csv).toMatchObject({ code: 2, stdout: expect.stringMatching(/^"position","time",/) });
  }, 60_000);
});
