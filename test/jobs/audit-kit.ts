import { Redis } from 'ioredis';
import { pino } from 'pino';
import { readAuditEnd } from '../../jobs/audit-end.ts';
import { type AuditKeeperDependencies, createAuditKeeper } from '../../jobs/audit-keeper.ts';
import { createAuditStream } from '../../jobs/audit-stream.ts';
import { createCheckpointStore } from '../../jobs/checkpoint-store.ts';
import { createIncidentStore } from '../../jobs/incident-store.ts';
import { createAuditTrim } from '../../jobs/trim-audit.ts';
import { type AuditEntry, chain, GENESIS } from '../../src/requests/audit.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { startRedis } from '../support/redis.ts';

export const DAY_MS = 86_400_000;
export const CHANNEL = 'COPS';
const OWNER = { kind: 'Deployment', namespace: 'shop', name: 'web' };

type Ports = Pick<AuditKeeperDependencies, 'notifier'> & Partial<AuditKeeperDependencies>;

/** An audit log on a real Redis, and hubs that keep it. What a hub does by itself each minute, the test calls. */
export async function startAuditKit() {
  const server = await startRedis();
  const redis = new Redis(server.url);
  let logs = 0;

  /** A log of its own. */
  function openLog() {
    const keys = createKeys(`${server.prefix}:${++logs}`);
    const clock = { now: Date.now() };
    const lines: string[] = [];
    const said: Record<string, unknown>[] = [];
    const logger = pino({ level: 'info' }, { write: (line: string) => said.push(JSON.parse(line)) });
    const settings: { channel?: string; keepMs?: number } = { channel: CHANNEL };

    /** One hub of several. */
    function hub(ports: Ports) {
      return createAuditKeeper({
        store: createCheckpointStore(redis, keys),
        settings,
        append: async (line) => void lines.push(line),
        trim: createAuditTrim({ redis, keys }),
        end: () => readAuditEnd(redis, keys),
        time: async () => clock.now,
        wait: async () => undefined,
        logger,
        ...ports,
      });
    }

    /** As opsbot itself writes it. */
    async function write(count = 1): Promise<void> {
      const store = createIncidentStore({ redis, keys, onCommit: () => undefined, now: () => clock.now });
      for (let i = 0; i < count; i += 1) {
        const at = clock.now + i;
        const silence = { cluster: 'demo', owner: OWNER, at, until: at + 1, by: 'UBOB' };
        const about = { cluster: 'demo', owner: OWNER, until: at + 1 };
        await store.silence(silence, { at, event: 'workload-silenced', actor: { user: 'UBOB' }, ...about });
      }
    }

    /** As it would have been written `ms` ago, one a millisecond; before anything else is. */
    async function writeOld(count: number, ms: number): Promise<void> {
      const first = Date.now() - ms;
      let head = (await redis.get(keys.auditHead)) ?? GENESIS;
      const pipeline = redis.pipeline();
      for (let i = 0; i < count; i += 1) {
        const entry: AuditEntry = {
          at: first + i,
          event: 'silence-ended',
          actor: { user: 'UBOB' },
          cluster: 'demo',
          owner: OWNER,
        };
        const chained = chain(head, entry);
        pipeline.xadd(keys.audit, `${first + i}-0`, 'hash', chained.hash, 'entry', chained.entry);
        head = chained.hash;
      }
      pipeline.set(keys.auditHead, head);
      await pipeline.exec();
    }

    return {
      redis,
      keys,
      clock,
      lines,
      said,
      settings,
      hub,
      write,
      writeOld,
      log: createAuditStream(redis, keys),
      end: () => readAuditEnd(redis, keys),
      state: () => createCheckpointStore(redis, keys).load(),
    };
  }

  return {
    openLog,
    async stop() {
      redis.disconnect();
      await server.stop();
    },
  };
}

export type OpenLog = ReturnType<Awaited<ReturnType<typeof startAuditKit>>['openLog']>;
