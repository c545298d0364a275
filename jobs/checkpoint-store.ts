import type { Redis } from 'ioredis';
import { UnavailableError } from '../src/errors.ts';
import { answering } from '../src/requests/answering.ts';
import type { Checkpoint } from '../src/requests/checkpoint.ts';
import type { Keys } from '../src/requests/keys.ts';
import { whileHeld } from './while-held.ts';

/** What is to be done with a day's checkpoint, in this order. */
export type Chore = 'file' | 'channel' | 'trim';

/** The checkpoint of one day, and how far it has got. */
export interface DayCheckpoint {
  /** UTC: `2026-11-23`. */
  day: string;
  checkpoint: Checkpoint;
  /** Id in the stream of the last entry that it covers. */
  last: string;
  due: readonly Chore[];
  /** A post in the channel that is under way, or whose answer was lost. */
  posting?: string | undefined;
  /** Slack asked not to be asked before, in ms since the epoch. */
  notBefore?: number | undefined;
  /** The latest one that a channel has got. */
  posted?: { channel: string; checkpoint: Checkpoint } | undefined;
  /** Id in the stream of the last entry that a delivered checkpoint covers. */
  covered?: string | undefined;
}

/** Keeps the latest day's checkpoint. Every method: UnavailableError where Redis is away. */
export interface CheckpointStore {
  load(): Promise<DayCheckpoint | undefined>;
  /** Runs the task unless another hub is at it; then it resolves at once. */
  inTurn(task: (turn: Turn) => Promise<void>): Promise<void>;
}

export interface Turn {
  /** UnavailableError where another hub has taken over: this one stood still for too long. */
  save(state: DayCheckpoint): Promise<void>;
}

/** ms: after a crash another hub takes over. */
const ALIVE_MS = 30_000;

const SAVE_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
return 1
`;

export function createCheckpointStore(redis: Redis, keys: Keys): CheckpointStore {
  async function save(token: string, state: DayCheckpoint): Promise<void> {
    const json = JSON.stringify(state);
    const saved = await answering(redis.eval(SAVE_SCRIPT, 2, keys.auditKeeper, keys.checkpoint, token, json));
    if (saved !== 1) throw new UnavailableError('Another hub keeps the audit log now.');
  }

  return {
    async load() {
      const json = await answering(redis.get(keys.checkpoint));
      return json === null ? undefined : (JSON.parse(json) as DayCheckpoint);
    },
    inTurn: (task) =>
      whileHeld(redis, keys.auditKeeper, ALIVE_MS, (token) => task({ save: (state) => save(token, state) })),
  };
}
