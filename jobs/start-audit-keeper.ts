import type { Redis } from 'ioredis';
import type { Keys } from '../src/requests/keys.ts';
import { readAuditEnd, timeOf } from './audit-end.ts';
import { type AuditKeeperDependencies, createAuditKeeper } from './audit-keeper.ts';
import { createCheckpointStore } from './checkpoint-store.ts';
import { createAuditTrim } from './trim-audit.ts';

type Settings = Pick<AuditKeeperDependencies, 'settings' | 'append' | 'notifier' | 'logger'>;

/** The audit log's checkpoints and retention. Without a place for checkpoints it does nothing. */
export function startAuditKeeper({ redis, keys, ...settings }: Settings & { redis: Redis; keys: Keys }) {
  const keeper = createAuditKeeper({
    ...settings,
    store: createCheckpointStore(redis, keys),
    trim: createAuditTrim({ redis, keys }),
    end: () => readAuditEnd(redis, keys),
    time: () => timeOf(redis),
  });
  const isWanted = settings.append !== undefined || settings.settings.channel !== undefined;
  return isWanted ? keeper.start() : { stop: async () => undefined };
}
