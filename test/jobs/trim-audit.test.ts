import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuditTrim } from '../../jobs/trim-audit.ts';
import type { Checkpoint } from '../../src/requests/checkpoint.ts';
import { verifyAudit } from '../../src/requests/verify-audit.ts';
import { DAY_MS, type OpenLog, startAuditKit } from './audit-kit.ts';

const kit = await startAuditKit();
afterAll(() => kit.stop());

const KEEP_MS = 10 * DAY_MS;
const running = new AbortController().signal;

let audit: OpenLog;
beforeEach(() => {
  audit = kit.openLog();
});

const all = () => audit.log.after(undefined, 1_000);
const events = async () => (await all()).map(({ entry }) => JSON.parse(entry).event as string);
const trims = async () => (await events()).filter((event) => event === 'audit-trimmed').length;

/** Everything that is there now may go, where it is old enough. */
async function trimOf(round?: number, signal = running): Promise<number> {
  const { last } = await audit.end();
  const trim = createAuditTrim({ ...audit, ...(round ? { round } : {}) });
  return trim({ now: Date.now(), keepMs: KEEP_MS, covered: last ?? '' }, signal);
}

async function expectSound(...checkpoints: Checkpoint[]): Promise<void> {
  const verdict = await verifyAudit(audit.log, checkpoints);
  expect(verdict).toMatchObject({ isSound: true, flaws: 0 });
}

describe('retention', () => {
  it('removes what is old enough, and the chain says where it begins by then', async () => {
    await audit.writeOld(5, 20 * DAY_MS);
    await audit.write(3);
    const checkpoint = await audit.end();
    const [fifth, sixth] = (await all()).slice(4, 6);
    expect(await trimOf()).toBe(5);
    const left = await all();
    expect(left[0]).toEqual(sixth);
    expect(JSON.parse(left.at(-1)?.entry ?? '')).toEqual({
      actor: 'opsbot',
      at: expect.any(Number),
      entries: 5,
      event: 'audit-trimmed',
      head: fifth?.hash,
      keepMs: KEEP_MS,
    });
    const after = await audit.end();
    expect(after.entries).toBe(9);
    await expectSound(checkpoint, after);
  });

  it('writes nothing where nothing is old enough', async () => {
    await audit.write(3);
    expect(await trimOf()).toBe(0);
    expect(await events()).toHaveLength(3);
  });

  it('does not remove its own entries day by day, where nothing else happens', async () => {
    await audit.writeOld(2, 20 * DAY_MS);
    expect(await trimOf()).toBe(2);
    const { last = '' } = await audit.end();
    const later = { now: Date.now() + 20 * DAY_MS, keepMs: KEEP_MS, covered: last };
    expect(await createAuditTrim(audit)(later, running)).toBe(0);
    expect(await events()).toEqual(['audit-trimmed']);
  });

  it('removes nothing that no checkpoint vouches for', async () => {
    await audit.writeOld(10, 20 * DAY_MS);
    const fourth = (await all())[3];
    const trim = createAuditTrim(audit);
    expect(await trim({ now: Date.now(), keepMs: KEEP_MS, covered: fourth?.id ?? '' }, running)).toBe(4);
    expect(await events()).toHaveLength(6 + 1);
    await expectSound(await audit.end());
  });

  it('keeps each script short, and the log whole between any two', async () => {
    await audit.writeOld(25, 20 * DAY_MS);
    await audit.write();
    const checkpoint = await audit.end();
    let looks = 0;
    const looking = {
      get aborted() {
        return ++looks === 3;
      },
    } as AbortSignal;
    expect(await trimOf(7, looking)).toBe(14);
    expect(await trims()).toBe(2);
    await expectSound(checkpoint, await audit.end());
    expect(await trimOf(7)).toBe(11);
    expect(await trims()).toBe(4);
    await expectSound(checkpoint, await audit.end());
  });

  it('removes entries of earlier removals with what else is old', async () => {
    await audit.writeOld(5, 20 * DAY_MS);
    await trimOf();
    await audit.write(2);
    const { last = '', entries } = await audit.end();
    const trim = createAuditTrim(audit);
    expect(await trim({ now: Date.now() + 20 * DAY_MS, keepMs: KEEP_MS, covered: last }, running)).toBe(3);
    expect(await events()).toEqual(['audit-trimmed']);
    const end = await audit.end();
    expect(end.entries).toBe(entries + 1);
    await expectSound(end);
  });

  it('loses nothing that is written meanwhile, by whomever', async () => {
    await audit.writeOld(60, 20 * DAY_MS);
    const writing = Promise.all([audit.write(30), audit.write(30), audit.write(30)]);
    // Each of these believes to be alone.
    const removed = await Promise.all([trimOf(5), trimOf(5), trimOf(5)]);
    await writing;
    const rest = await trimOf(5);
    expect(removed.reduce((sum, one) => sum + one, rest)).toBe(60);
    expect((await events()).filter((event) => event === 'workload-silenced')).toHaveLength(90);
    expect(await trims()).toBe(12);
    const end = await audit.end();
    expect(end.entries).toBe(60 + 90 + 12);
    await expectSound(end);
  });
});
