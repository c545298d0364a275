import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditStream } from '../../jobs/audit-stream.ts';
import { type AuditEntry, chain, GENESIS } from '../../src/requests/audit.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { startHubKit } from '../requests/hub-kit.ts';
import { startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { residentMiB } from './large-cluster.ts';

/** `npm run bench` takes the million. */
const ENTRIES = Number(process.env.AUDIT_ENTRIES ?? 100_000);
/** A minute for the million; fewer have to bear more of the start, and of what else the machine does. */
const LIMIT_MS = Math.max(15_000, 0.06 * ENTRIES);
/** It must not hold the log. */
const LIMIT_MIB = 128;
const BATCH = 2_000;

describe('audit verify', () => {
  let redis: OwnRedis;
  let bytes = 0;

  beforeAll(async () => {
    execFileSync(process.execPath, [fileURLToPath(new URL('../../deploy/build.ts', import.meta.url))]);
    redis = await startOwnRedis();
    bytes = await fill(redis.url, await realEntries());
  }, 300_000);
  afterAll(() => redis.stop());

  it(`follows ${ENTRIES} entries in less than ${LIMIT_MS / 1000} s`, async () => {
    const startedAt = performance.now();
    const opsbot = startOpsbot({ bundle: true, args: ['audit', 'verify'], env: { REDIS_URL: redis.url } });
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, residentMiB(opsbot.pid, 'VmHWM'))), 50);
    void opsbot.logged(({ msg }) => msg.startsWith('The chain holds')).finally(() => clearInterval(watch));
    expect(await opsbot.ended).toBe(0);
    const took = performance.now() - startedAt;
    console.log(
      `audit verify: ${ENTRIES} entries of ${bytes} bytes in ${(took / 1000).toFixed(1)} s, peak ${peak} MiB resident`,
    );
    expect(took).toBeLessThan(LIMIT_MS);
    expect(peak).toBeLessThan(LIMIT_MIB);
  }, 120_000);
});

/** What the store writes of a request that is approved, released and done. */
async function realEntries(): Promise<AuditEntry[]> {
  const kit = await startHubKit();
  const { id } = await kit.pending();
  await kit.desk.approve({ id, revision: 1, user: 'UBOB', gesture: 'button' });
  await kit.hub.release(id);
  await kit.hub.report({ type: 'finished', request: id, revision: 1, outcome: { result: 'succeeded', text: 'done' } });
  const written = await createAuditStream(kit.redis, kit.keys).after(undefined, 100);
  await kit.stop();
  return written.map(({ entry }) => JSON.parse(entry));
}

/** Gives the mean size of an entry, in bytes. */
async function fill(url: string, story: readonly AuditEntry[]): Promise<number> {
  const redis = new Redis(url);
  const keys = createKeys();
  await redis.config('SET', 'appendonly', 'no');
  let head = GENESIS;
  let bytes = 0;
  for (let done = 0; done < ENTRIES; done += BATCH) {
    const pipeline = redis.pipeline();
    for (let i = done; i < Math.min(done + BATCH, ENTRIES); i += 1) {
      const entry = { ...story[i % story.length], request: `r${i}`, at: i } as AuditEntry;
      const chained = chain(head, entry);
      pipeline.xadd(keys.audit, '*', 'hash', chained.hash, 'entry', chained.entry);
      head = chained.hash;
      bytes += chained.entry.length;
    }
    await pipeline.exec();
  }
  await redis.set(keys.auditHead, head);
  redis.disconnect();
  return Math.round(bytes / ENTRIES);
}
