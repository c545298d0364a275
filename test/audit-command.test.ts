import { Readable, Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditStream } from '../jobs/audit-stream.ts';
import { exportAudit } from '../src/audit-export.ts';
import { operate } from '../src/operator-command.ts';
import { checkpointIn, checkpointLine } from '../src/requests/checkpoint.ts';
import { storeLog } from './requests/memory-log.ts';
import { T0 } from './requests/sample.ts';
import { type WrittenLog, writeLog } from './requests/written-log.ts';

const HOUR = 3_600_000;

describe('opsbot audit', () => {
  let log: WrittenLog;

  beforeAll(async () => {
    log = await writeLog(async (kit) => {
      await kit.ask({ reason: '=HYPERLINK("http://evil")\n"quoted", and so on' });
      kit.clock.now = T0 + HOUR;
      const { id } = await kit.pending();
      await kit.desk.reject({ id, revision: 1, user: 'UBOB', gesture: 'button', reason: '@here: no' });
    });
  });
  afterAll(() => log.stop());

  async function opsbot(line: string, { stdin = '', url = log.url } = {}) {
    const [stdout, stderr] = [collector(), collector()];
    const terminal = {
      env: { REDIS_URL: url },
      stdin: Readable.from([stdin]),
      stdout: stdout.stream,
      stderr: stderr.stream,
    };
    const code = await operate(['audit', ...line.split(' ')], terminal);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  }
  const lastCheckpoint = () => `${log.written.length}:${log.written.at(-1)?.hash}`;

  it('verify gives the checkpoint to verify by next time, and takes it', async () => {
    const first = await opsbot('verify');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(
      `${log.written.length} entries, from 2026-01-01 03:00:00 UTC to 2026-01-01 04:00:00 UTC.`,
    );
    expect(first.stdout).toContain('No checkpoint was given');
    expect(first.stdout).toContain(`--checkpoint ${lastCheckpoint()}\n`);
    const second = await opsbot(`verify --checkpoint ${lastCheckpoint()}`);
    expect(second.code).toBe(0);
    expect(second.stdout).toContain(`Complete up to entry ${log.written.length} of 2026-01-01 04:00:00 UTC`);
  });

  it('checkpoint prints one at any time, which verify takes', async () => {
    const { code, stdout } = await opsbot('checkpoint');
    expect(code).toBe(0);
    expect(checkpointIn(stdout)).toMatchObject({ entries: log.written.length, head: log.written.at(-1)?.hash });
    expect((await opsbot('verify --checkpoints -', { stdin: stdout })).stdout).toContain('Complete up to entry');
  });

  it('verify takes checkpoints from the output of a log collector', async () => {
    const line = checkpointLine({ at: T0, entries: 2, head: log.written[1]?.hash ?? '' });
    const other = checkpointLine({ at: T0, entries: 3, head: 'ab'.repeat(32) });
    const stdin = [
      'not JSON',
      '{"level":"info","msg":"opsbot is running"}',
      JSON.stringify({ log: `${line}\n` }),
      line,
    ];
    const met = await opsbot('verify --checkpoints -', { stdin: stdin.join('\n') });
    expect(met.stdout).toContain('Complete up to entry 2 ');
    expect(met.code).toBe(0);
    const unmet = await opsbot('verify --checkpoints -', {
      stdin: [...stdin, JSON.stringify({ msg: other })].join('\n'),
    });
    expect(unmet.stdout).toContain('NOT MET: the checkpoint 3:abababababab… of 2026-01-01 03:00:00 UTC.');
    expect(unmet.stdout).not.toContain('Complete up to');
    expect(unmet.code).toBe(2);
  });

  it('export writes each entry whole, as a line of JSON', async () => {
    const { code, stdout, stderr } = await opsbot('export');
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toEqual(
      log.written.map(({ id, hash, entry }, index) => ({ position: index + 1, id, hash, entry: JSON.parse(entry) })),
    );
    expect(stderr).toContain(
      `${log.written.length} entries exported, of ${log.written.length} entries in the log. The chain holds`,
    );
  });

  it('export writes a span of time as CSV that no spreadsheet takes for formulas', async () => {
    const { stdout, code } = await opsbot('export --format csv --since 2026-01-01 --until 2026-01-01T03:30Z');
    expect(code).toBe(0);
    const [heading, ...rows] = csvRows(stdout);
    const reason = rows.map((row) => row[heading?.indexOf('reason') ?? 0]);
    expect(reason).toEqual(['\'=HYPERLINK("http://evil")\n"quoted", and so on']);
    expect(rows[0]?.at(-1)).toBe(log.written[0]?.entry);
    const later = csvRows((await opsbot('export --format csv --since 2026-01-01T04:30:00+01:00')).stdout);
    expect(later.length).toBe(log.written.length);
    expect(later.map((row) => row[heading?.indexOf('reason') ?? 0])).toContain("'@here: no");
    expect((await opsbot('export --since 1h')).stdout).toBe('');
  });

  it('tells of tampering by its exit code, and still exports', async () => {
    const [, second] = log.written;
    if (!second) throw new Error('the log has two entries');
    await log.redis.xdel(log.keys.audit, second.id);
    const verified = await opsbot('verify');
    const exported = await opsbot('export');
    expect(verified.code).toBe(2);
    expect(verified.stdout).toMatch(/^TAMPERED WITH: entry 2 \(.*\) does not follow from the entry before it/m);
    expect(verified.stdout).not.toContain('--checkpoint 1');
    expect(exported.code).toBe(2);
    expect(exported.stdout.trimEnd().split('\n')).toHaveLength(log.written.length - 1);
    expect(exported.stderr).toContain('TAMPERED WITH: entry 2 ');
  });

  it.each([
    ['verify --checkpoint 5', '--checkpoint: “5” is none.', 'Usage: opsbot audit verify'],
    ['verify --checkpoints /nowhere', '/nowhere cannot be read.', 'ENOENT'],
    ['verify --checkpoints /', '/ cannot be read.', 'EISDIR'],
    ['verify --checkpoints -', 'There is no checkpoint in what came on stdin.', '{"audit":"checkpoint"'],
    ['verify --checkpoints', '--checkpoints needs a value: a file', 'Usage: opsbot audit verify'],
    ['export --since yesterday', '--since: “yesterday” is no time.', 'Usage: opsbot audit export'],
    ['export --since 2026-02-30', '--since: “2026-02-30” is no time.', 'like 2026-01-01'],
    ['export --since 2026-01-01T10:00', '--since: “2026-01-01T10:00” is no time.', 'a time with its zone'],
    ['export --since 1d --until 2d', '--since has to be before --until.', 'Usage: opsbot audit export'],
    ['export --since 1d --since 2d', '--since is given more than once.', 'Usage: opsbot audit export'],
    ['export --format xml', '--format: “xml” is none.', 'It is jsonl or csv.'],
    ['checkpoint now', '“now” belongs to no flag.', 'Usage: opsbot audit checkpoint'],
    ['export --sine 1d', 'audit export has no flag --sine.', 'Did you mean --since?'],
    ['check', 'There is no command "audit check".', 'Usage: opsbot audit verify'],
  ])('%s: says what is wrong, and what would be right', async (line, message, advice) => {
    await expect(opsbot(line)).rejects.toMatchObject({
      kind: 'input',
      message: expect.stringContaining(message),
      advice: expect.stringContaining(advice),
    });
  });

  it('ends without a word where nobody reads on, as in a pipe to head', async () => {
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const stdout = new Writable({ write: (_, __, done) => done(gone) });
    const { stream: stderr, text } = collector();
    const terminal = { env: { REDIS_URL: log.url }, stdin: Readable.from([]), stdout, stderr };
    expect(await operate(['audit', 'export'], terminal)).toBe(1);
    expect(text()).toBe('');
  });

  it('export says where retention came in between, which is no tampering', async () => {
    await storeLog(log.redis, log.keys, log.written);
    const stream = createAuditStream(log.redis, log.keys);
    let reads = 0;
    const trimmed: typeof stream = {
      ...stream,
      async after(id, count) {
        reads += 1;
        // After the end and the first entry were looked at, and before the rest is.
        if (reads === 2) await log.redis.xtrim(log.keys.audit, 'MAXLEN', log.written.length - 1);
        return stream.after(id, count);
      },
    };
    const [stdout, stderr] = [collector(), collector()];
    const terminal = { env: {}, stdin: Readable.from([]), stdout: stdout.stream, stderr: stderr.stream };
    await exportAudit([])({ ...trimmed, checkpoint: () => expect.fail('nobody asked') }, terminal);
    expect(stderr.text()).toContain('as retention does: run it again');
    await storeLog(log.redis, log.keys, log.written);
  });

  it('says that the log was replaced by something else', async () => {
    await log.redis.rename(log.keys.audit, 'aside');
    await log.redis.set(log.keys.audit, 'nothing');
    const replaced = { kind: 'conflict', message: expect.stringContaining('somebody has replaced it') };
    await expect(opsbot('verify')).rejects.toMatchObject(replaced);
    await log.redis.rename('aside', log.keys.audit);
    await log.redis.rename(log.keys.auditHead, 'aside');
    await log.redis.hset(log.keys.auditHead, 'no', 'head');
    await expect(opsbot('export')).rejects.toMatchObject(replaced);
    await log.redis.rename('aside', log.keys.auditHead);
  });

  it('says that Redis is away', async () => {
    const away = opsbot('verify', { url: 'redis://:wrong@127.0.0.1:1' });
    await expect(away).rejects.toMatchObject({ kind: 'unavailable', message: 'Redis does not answer.' });
  });
});

/** What is log.written, once it was taken. */
function collector() {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      chunks.push(String(chunk));
      setImmediate(done);
    },
  });
  return { stream, text: () => chunks.join('') };
}

/** By RFC 4180, with every cell in quotes. */
function csvRows(text: string): string[][] {
  const records = text.split(/(?<=")\r\n/).filter((record) => record !== '');
  return records.map((record) =>
    [...record.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell = '']) => cell.replaceAll('""', '"')),
  );
}
