import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAuditStream } from '../../jobs/audit-stream.ts';
import type { LoggedEntry } from '../../src/requests/audit-log.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { type GivenCheckpoint, verifyAudit } from '../../src/requests/verify-audit.ts';
import { startHubKit } from './hub-kit.ts';

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

  /** The copy, anew. */
  async function write(entries: readonly LoggedEntry[], head = entries.at(-1)?.hash): Promise<void> {
    await redis.del(keys.audit, keys.auditHead);
    for (const { id, hash, entry } of entries) await redis.xadd(keys.audit, id, 'hash', hash, 'entry', entry);
    if (head !== undefined) await redis.set(keys.auditHead, head);
  }

  const verify = (...given: GivenCheckpoint[]) => verifyAudit(createAuditStream(redis, keys), given);

  it('finds the log that the store wrote sound', async () => {
    const last = written.at(-1);
    const verdict = await verify({ entries: written.length, head: last?.hash ?? '' });
    expect(verdict).toMatchObject({ isSound: true, length: written.length, flaws: 0, hasMoved: false });
    expect(verdict.checkpoints).toMatchObject([{ result: 'met' }]);
  });
});
