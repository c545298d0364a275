import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuditStream } from '../../jobs/audit-stream.ts';
import { GENESIS, type TrimEntry } from '../../src/requests/audit.ts';
import type { LoggedEntry } from '../../src/requests/audit-log.ts';
import { canonicalJson, sha256 } from '../../src/requests/digest.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { type GivenCheckpoint, verifyAudit } from '../../src/requests/verify-audit.ts';
import { startHubKit } from './hub-kit.ts';
import { chained, entry, storeLog } from './memory-log.ts';
import { plan, T0 } from './sample.ts';

const DAY = 86_400_000;

describe('audit verify', () => {
  let kit: Awaited<ReturnType<typeof startHubKit>>;
  let redis: Redis;
  /** As the real store wrote it. */
  let written: LoggedEntry[];
  let logs = 0;
  /** Of the copy that a test may tamper with. */
  let keys: ReturnType<typeof createKeys>;

  beforeAll(async () => {
    kit = await startHubKit();
    redis = kit.redis;
    for (const end of ['approved', 'rejected', 'cancelled'] as const) {
      const { id } = await kit.pending();
      const ballot = { id, revision: 1, user: end === 'cancelled' ? 'UALICE' : 'UBOB', gesture: 'button' } as const;
      if (end === 'approved') await kit.desk.approve(ballot);
      else await kit.desk.reject({ ...ballot, reason: '=no' });
    }
    written = await createAuditStream(redis, kit.keys).after(undefined, 1000);
    expect(written.length).toBeGreaterThan(9);
  });
  afterAll(() => kit.stop());
  beforeEach(async () => {
    logs += 1;
    keys = createKeys(`${kit.keys.prefix}:copy-${logs}`);
    await write(written);
  });

  const write = (entries: readonly LoggedEntry[], head?: string) => storeLog(redis, keys, entries, head);
  const verify = (...given: GivenCheckpoint[]) => verifyAudit(createAuditStream(redis, keys), given);
  /** Entry number `n`, which is 1 for the first. */
  const at = (n: number): LoggedEntry => {
    const entry = written.at(n - 1);
    if (!entry) throw new Error(`the log has no entry ${n}`);
    return entry;
  };
  const checkpoint = (n: number, time?: number): GivenCheckpoint => ({ entries: n, head: at(n).hash, at: time });
  const edited = (text: string) => text.replace('UALICE', 'UMALLORY');
  /** Hashes reckoned anew from there, as somebody can who knows how: from the entry number `n` on. */
  function rechained(entries: readonly LoggedEntry[], n: number): LoggedEntry[] {
    let head = entries[n - 2]?.hash ?? GENESIS;
    return entries.map((one, index) => {
      if (index < n - 1) return one;
      head = sha256(`${head}\n${one.entry}`);
      return { ...one, hash: head };
    });
  }

  it('finds the log that the store wrote sound', async () => {
    const verdict = await verify(checkpoint(written.length));
    expect(verdict).toMatchObject({ isSound: true, length: written.length, flaws: 0, hasMoved: false });
    expect(verdict.checkpoints).toMatchObject([{ result: 'met' }]);
  });

  it('finds an empty log and one of a single entry sound', async () => {
    await write([]);
    expect(await verify()).toMatchObject({ isSound: true, length: 0 });
    await write(written.slice(0, 1));
    expect(await verify(checkpoint(1))).toMatchObject({ isSound: true, length: 1 });
  });

  describe('by the chain alone', () => {
    it.each<[string, number | undefined, RegExp, (log: LoggedEntry[]) => LoggedEntry[]]>([
      ['a text', 4, /changed or moved/, (log) => log.with(3, { ...at(4), entry: edited(at(4).entry) })],
      ['the first text', 1, /first one left/, (log) => log.with(0, { ...at(1), entry: edited(at(1).entry) })],
      ['a hash', 4, /has another hash/, (log) => log.with(3, { ...at(4), hash: at(5).hash })],
      [
        'a text with its own hash',
        5,
        /changed or moved/,
        (log) => log.with(3, rechained(log.with(3, { ...at(4), entry: edited(at(4).entry) }), 4)[3] ?? at(4)),
      ],
      ['the beginning', 1, /those before it were taken away/, (log) => log.slice(2)],
      ['one in between', 4, /taken away/, (log) => log.toSpliced(3, 1)],
      [
        'the order of two',
        4,
        /changed or moved/,
        (log) => log.with(3, { ...at(5), id: at(4).id }).with(4, { ...at(4), id: at(5).id }),
      ],
      [
        'one that was put in',
        4,
        /was put in/,
        (log) => {
          const [forged] = chained([entry(1)], at(3).hash);
          return log
            .toSpliced(3, 0, {
              ...forged,
              hash: forged?.hash ?? '',
              entry: forged?.entry ?? '',
              id: `${at(3).id.split('-')[0]}-99`,
            })
            .map((one, index) => ({ ...one, id: `${T0 + index}-0` }));
        },
      ],
      ['a field', 4, /has no text/, (log) => log.with(3, { ...at(4), entry: '' })],
      ['the other field', 4, /has no hash/, (log) => log.with(3, { ...at(4), hash: '' })],
    ])('shows %s, at the place where it is', async (_, position, what, tamper) => {
      await write(tamper(written), at(written.length).hash);
      const { flaw, isSound } = await verify();
      expect(flaw).toMatchObject({ position, what: expect.stringMatching(what) });
      expect(flaw?.id).toBeTruthy();
      expect(isSound).toBe(false);
    });

    it('shows that the end is missing, or the whole log, as long as the head is there', async () => {
      await write(written.slice(0, -1), at(written.length).hash);
      expect((await verify()).flaw).toMatchObject({
        position: written.length - 1,
        what: expect.stringMatching(/taken off the end/),
      });
      await write([], at(written.length).hash);
      expect((await verify()).flaw).toMatchObject({
        position: 0,
        what: expect.stringMatching(/all entries were taken away/),
      });
    });

    it('shows an entry that fits and is nothing that opsbot writes', async () => {
      await write(rechained([...written, { id: `${Date.now() + 1000}-0`, hash: '', entry: 'DROP TABLE audit' }], 1));
      expect((await verify()).flaw).toMatchObject({
        position: written.length + 1,
        what: expect.stringMatching(/nothing that opsbot writes/),
      });
    });
  });

  describe('only by a checkpoint from elsewhere', () => {
    it('shows that the end was taken off with the head to fit', async () => {
      const kept = written.length - 2;
      await write(written.slice(0, kept));
      expect(await verify()).toMatchObject({ isSound: true });
      expect(await verify(checkpoint(kept))).toMatchObject({ isSound: true });
      const found = await verify(checkpoint(kept), checkpoint(kept + 1));
      expect(found.isSound).toBe(false);
      expect(found.checkpoints).toMatchObject([
        { result: 'met' },
        { result: 'unmet', why: 'The log does not reach that far.' },
      ]);
    });

    it('shows that the log was written anew from some entry on', async () => {
      await write(rechained(written.with(3, { ...at(4), entry: edited(at(4).entry) }), 4));
      expect(await verify()).toMatchObject({ isSound: true });
      expect(await verify(checkpoint(3))).toMatchObject({ isSound: true });
      expect(await verify(checkpoint(4))).toMatchObject({ isSound: false });
      expect(await verify(checkpoint(written.length))).toMatchObject({ isSound: false });
    });

    it('cannot show a forged entry at the end before the next checkpoint is compared with who did what', async () => {
      const [forged] = chained([entry(1)], at(written.length).hash);
      await write([...written, { ...at(1), ...forged, id: `${Date.now() + 1000}-0` }]);
      expect(await verify(checkpoint(written.length))).toMatchObject({ isSound: true, length: written.length + 1 });
    });
  });

  describe('after retention', () => {
    const GONE = 4;
    const trim = (changes: Partial<TrimEntry> = {}): TrimEntry => ({
      at: T0 + 10 * DAY,
      event: 'audit-trimmed',
      actor: 'opsbot',
      entries: GONE,
      head: at(GONE).hash,
      keepMs: DAY,
      ...changes,
    });
    /** With the entry of retention as the last one; and without those that it is about. */
    const withTrim = (entry: TrimEntry, gone: number) => {
      const id = `${Number(at(written.length).id.split('-')[0]) + 1}-0`;
      return rechained([...written, { id, hash: '', entry: canonicalJson(entry) }], written.length + 1).slice(gone);
    };

    it('goes on counting from where it ended, and says what can no longer be looked at', async () => {
      await write(withTrim(trim(), GONE));
      const verdict = await verify(checkpoint(GONE - 1), checkpoint(GONE), checkpoint(GONE + 1));
      expect(verdict).toMatchObject({ isSound: true, length: written.length + 1 - GONE, position: written.length + 1 });
      expect(verdict.checkpoints.map(({ result }) => result)).toEqual(['removed', 'met', 'met']);
      const other = { entries: GONE, head: at(GONE + 1).hash };
      expect((await verify(other)).checkpoints).toMatchObject([{ result: 'unmet' }]);
    });

    it('still finds what was taken away after what it removed', async () => {
      await write(withTrim(trim(), GONE + 1));
      expect((await verify()).flaw).toMatchObject({ what: expect.stringMatching(/those before it were taken away/) });
      await write(withTrim(trim(), GONE).toSpliced(2, 1));
      expect((await verify()).flaw).toMatchObject({ position: GONE + 3 });
    });

    it.each<[string, Partial<TrimEntry>, number]>([
      ['another hash than that of the last that is gone', { head: GENESIS }, GONE],
      ['more than are gone', { entries: GONE + 1 }, 0],
      ['no number', { entries: Number.NaN }, GONE],
      ['a shorter time than any configuration can', { keepMs: DAY - 1 }, GONE],
    ])('takes no entry of retention for true that names %s', async (_, changes, gone) => {
      await write(withTrim(trim(changes), gone));
      expect(await verify()).toMatchObject({ isSound: false });
    });

    it('holds a forged number of removed entries to a checkpoint', async () => {
      await write(withTrim(trim({ entries: GONE + 7 }), GONE));
      expect(await verify()).toMatchObject({ isSound: true });
      for (const n of [GONE + 1, written.length]) {
        const [verdict] = (await verify(checkpoint(n))).checkpoints;
        expect(verdict).toMatchObject({ result: 'unmet', why: `Its entry is number ${n + 7} now.` });
      }
    });

    it('holds a forged removal of what was too young to a checkpoint', async () => {
      const now = Date.now();
      for (const [forged, taken] of [
        [{ keepMs: 30 * DAY }, T0],
        [{ keepMs: 30 * DAY, at: now + 365 * DAY }, now - 10 * DAY],
      ] as const) {
        await write(withTrim(trim(forged), GONE));
        expect(await verify()).toMatchObject({ isSound: true });
        const [verdict] = (await verify(checkpoint(1, taken))).checkpoints;
        expect(verdict).toMatchObject({ result: 'unmet', why: expect.stringContaining('not old enough') });
      }
    });

    it('begins anew where it happens meanwhile', async () => {
      const log = createAuditStream(redis, keys);
      let reads = 0;
      const verdict = await verifyAudit(
        {
          ...log,
          async after(id, count) {
            reads += 1;
            // After the end and the first entry were looked at, and before the rest is.
            if (reads === 2) await write(withTrim(trim(), GONE));
            return log.after(id, count);
          },
        },
        [],
      );
      expect(verdict).toMatchObject({ isSound: true, hasMoved: false, position: written.length + 1 });
    });
  });

  it('is not led astray by hubs that go on writing', async () => {
    const hubs = [kit.startHub(), kit.startHub()];
    let isOver = false;
    const writing = hubs.map(async ({ desk }, index) => {
      for (let n = 0; !isOver; n += 1) {
        const ask = {
          gestureKey: `busy-${index}-${n}`,
          cluster: 'test',
          action: 'scale',
          input: plan.input,
          reason: undefined,
        };
        await desk.ask({
          ...ask,
          requester: 'UALICE',
          origin: { channel: 'C1', thread: undefined, gesture: 'command' },
        });
      }
    });
    const log = createAuditStream(redis, kit.keys);
    const lengths: number[] = [];
    for (let n = 0; n < 30; n += 1) {
      const verdict = await verifyAudit(log, [checkpoint(written.length)]);
      expect(verdict).toMatchObject({ isSound: true, flaws: 0 });
      lengths.push(verdict.length);
    }
    isOver = true;
    await Promise.all(writing);
    expect(lengths.at(-1)).toBeGreaterThan(lengths[0] ?? 0);
  });
});
