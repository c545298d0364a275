import { GENESIS, type TrimEntry } from './audit.ts';
import type { Link } from './audit-chain.ts';
import type { AuditLog } from './audit-log.ts';
import type { Checkpoint } from './checkpoint.ts';
import { type FollowedLog, followLog } from './follow-log.ts';

/** `at` is unknown where a person has noted down the other two. */
export type GivenCheckpoint = Pick<Checkpoint, 'entries' | 'head'> & { at?: number | undefined };

/** What a checkpoint says of the log; `why` as a sentence of its own. */
export type CheckpointVerdict = {
  checkpoint: GivenCheckpoint;
} /** `at`: of the last entry that it vouches for, where that is left. */ & (
  | { result: 'met'; at: number | undefined }
  /** Retention has removed what it is about. */
  | { result: 'removed' }
  | { result: 'unmet'; why: string }
);

export interface Verdict extends FollowedLog {
  checkpoints: readonly CheckpointVerdict[];
  /** The chain is as it was written, and every checkpoint that can be looked at is met. */
  isSound: boolean;
}

/** How often it is begun anew because retention removed entries meanwhile. */
const ATTEMPTS = 3;
/** How far two clocks may be apart, in ms. */
const SKEW_MS = 3_600_000;

/**
 * Holds the log to its own chain and to checkpoints from elsewhere. Says nothing about entries taken off the end, with
 * the head to fit, nor about a log that was written anew as a whole: only a checkpoint shows that.
 */
export async function verifyAudit(log: AuditLog, given: readonly GivenCheckpoint[]): Promise<Verdict> {
  for (let attempt = 1; ; attempt += 1) {
    const verdict = await verifyOnce(log, given);
    if (!verdict.hasMoved || attempt === ATTEMPTS) return verdict;
  }
}

async function verifyOnce(log: AuditLog, given: readonly GivenCheckpoint[]): Promise<Verdict> {
  const positions = new Set(given.map(({ entries }) => entries));
  const heads = new Set(given.map(({ head }) => head));
  const found: Link[] = [];
  const followed = await followLog(log, (links) => {
    found.push(...links.filter(({ position, hash }) => positions.has(position) || heads.has(hash)));
  });
  const checkpoints = given.map((checkpoint) => judge(checkpoint, followed, found));
  const isSound = followed.flaws === 0 && checkpoints.every(({ result }) => result !== 'unmet');
  return { ...followed, checkpoints, isSound };
}

function judge(checkpoint: GivenCheckpoint, followed: FollowedLog, found: readonly Link[]): CheckpointVerdict {
  const why = whyUnmet(checkpoint, followed, found);
  if (why !== undefined) return { checkpoint, result: 'unmet', why };
  const link = found.find(({ position }) => position === checkpoint.entries);
  if (!link && !headsRemoved(followed).has(checkpoint.entries)) return { checkpoint, result: 'removed' };
  return { checkpoint, result: 'met', at: link?.content?.at };
}

function whyUnmet(checkpoint: GivenCheckpoint, followed: FollowedLog, found: readonly Link[]): string | undefined {
  const { entries, head } = checkpoint;
  if (followed.trims.some((trim) => removedTooMuch(trim, checkpoint))) return TOO_EARLY;
  const elsewhere = found.find(({ hash, position }) => hash === head && position !== entries);
  if (elsewhere) return `Its entry is number ${elsewhere.position} now.`;
  const link = found.find(({ position }) => position === entries);
  if (link && link.hash !== head) return ANOTHER;
  if (entries > followed.position) return 'The log does not reach that far.';
  return (headsRemoved(followed).get(entries) ?? head) === head ? undefined : CONTRADICTED;
}

const ANOTHER = 'Another entry is there now: it, or something before it, was changed, taken away or put in.';
const CONTRADICTED = 'What retention says of that entry is something else.';
const TOO_EARLY =
  'Retention is said to have removed entries that were written after this checkpoint and were not old enough.';

/** The checkpoint is older than the entry after it, which retention has removed: so that was older than it keeps. */
function removedTooMuch(trim: TrimEntry, { at, entries }: GivenCheckpoint): boolean {
  // Whoever forges such an entry may say that it is of years to come.
  const removedAt = Math.min(trim.at, Date.now());
  return at !== undefined && entries < trim.entries && at > removedAt - trim.keepMs + SKEW_MS;
}

/** Of the entries that are gone: by how many there were up to each, the hashes that are known. */
function headsRemoved({ beginning, trims }: FollowedLog): Map<number, string> {
  const ends = beginning ? [...trims, beginning] : trims;
  return new Map([[0, GENESIS], ...ends.map(({ entries, head }) => [entries, head] as const)]);
}
