import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkpointLine } from '../../src/requests/checkpoint.ts';
import { T0 } from '../requests/sample.ts';
import { type WrittenLog, writeLog } from '../requests/written-log.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** As an operator runs it, in a shell. */
describe('opsbot audit', () => {
  let log: WrittenLog;
  beforeAll(async () => {
    log = await writeLog((kit) => kit.pending());
  });
  afterAll(() => log.stop());

  function opsbot(line: string, { stdin = '' } = {}) {
    return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const env = { PATH: process.env.PATH, REDIS_URL: log.url };
      const args = [MAIN, 'audit', ...line.split(' ')];
      const child = execFile(process.execPath, args, { env }, (error, stdout, stderr) => {
        resolve({ code: Number(error?.code ?? 0), stdout, stderr });
      });
      child.stdin?.end(stdin);
    });
  }

  it('verifies by a checkpoint from stdin, exports to a pipe, and tells of tampering by the exit code', async () => {
    const stdin = checkpointLine({ at: T0, entries: log.written.length, head: log.written.at(-1)?.hash ?? '' });
    const sound = await opsbot('verify --checkpoints -', { stdin });
    expect(sound).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('Complete up to entry') });

    await log.redis.xdel(log.keys.audit, log.written[1]?.id ?? '');
    const [json, csv] = await Promise.all([opsbot('export'), opsbot('export --format csv')]);
    expect(json).toMatchObject({ code: 2, stderr: expect.stringContaining('TAMPERED WITH: entry 2 ') });
    expect(json.stdout.trimEnd().split('\n')).toHaveLength(log.written.length - 1);
    expect(csv).toMatchObject({ code: 2, stdout: expect.stringMatching(/^"position","time",/) });
  }, 60_000);
});
