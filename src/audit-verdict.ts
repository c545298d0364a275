import { duration, grouped } from '../views/text.ts';
import type { Flaw } from './requests/audit-chain.ts';
import type { FollowedLog } from './requests/follow-log.ts';
import type { CheckpointVerdict, GivenCheckpoint, Verdict } from './requests/verify-audit.ts';

/** What was found of the audit log, in plain lines for an operator. Pure. */
const UNMET_SHOWN = 5;

const ONLY_A_CHECKPOINT =
  'No checkpoint was given: whether entries were taken off the end, or the log was written anew, cannot be known from the log alone.';
const MOVED = ' But entries were removed at the beginning while the log was read, as retention does: run it again.';

export function verdictLines(verdict: Verdict): string[] {
  return [
    extent(verdict),
    ...(verdict.length > 0 || verdict.flaw ? [soundness(verdict)] : []),
    ...checkpointLines(verdict),
    ...(verdict.isSound && verdict.last ? [nextTime(verdict.last.position, verdict.last.hash)] : []),
  ];
}

/** Whether the chain holds; where it does not, the first place that shows it. */
export function soundness({ flaw, flaws, hasMoved }: FollowedLog): string {
  if (!flaw) return 'The chain holds: each entry follows from the one before it, as opsbot writes them.';
  const others = flaws > 1 ? ` It is the first of ${grouped(flaws)} places that are wrong.` : '';
  return `TAMPERED WITH: ${place(flaw)} ${flaw.what}.${others}${hasMoved ? MOVED : ''}`;
}

function place({ position, id, at }: Flaw): string {
  if (id === undefined) return 'the log';
  return `entry ${grouped(position)} (${[id, at === undefined ? undefined : moment(at)].filter(Boolean).join(', ')})`;
}

function extent({ length, first, last, beginning, trims }: FollowedLog): string {
  if (!first || !last) return 'The audit log is empty.';
  const [from, to] = [first, last].map(({ content }) => (content ? moment(content.at) : 'an unknown time'));
  const trim = trims.find(({ entries }) => entries === beginning?.entries);
  const removed = trim
    ? ` Retention has removed the ${grouped(trim.entries)} before them, last on ${moment(trim.at)}; by its own word it keeps entries for ${duration(Math.min(...trims.map(({ keepMs }) => keepMs)))}.`
    : '';
  return `${entriesOf(length)}, from ${from} to ${to}.${removed}`;
}

function checkpointLines({ checkpoints, flaws, position, beginning }: Verdict): string[] {
  if (checkpoints.length === 0) return [ONLY_A_CHECKPOINT];
  const unmet = checkpoints.filter((one) => one.result === 'unmet').sort(byEntries);
  const removed = checkpoints.filter(({ result }) => result === 'removed');
  const latest = checkpoints
    .filter((one) => one.result === 'met')
    .sort(byEntries)
    .at(-1);
  const isVouchedFor = flaws === 0 && unmet.length === 0;
  return [
    ...unmet.slice(0, UNMET_SHOWN).map(({ checkpoint, why }) => `NOT MET: the checkpoint ${named(checkpoint)}. ${why}`),
    ...(unmet.length > UNMET_SHOWN ? [`NOT MET: ${grouped(unmet.length - UNMET_SHOWN)} more.`] : []),
    ...(isVouchedFor ? [completeness(latest, position, beginning?.entries ?? 0)] : []),
    ...(removed.length > 0
      ? [`Of what retention has removed, and so no longer to be looked at: ${checkpointsOf(removed.length)}.`]
      : []),
  ];
}

type Met = Extract<CheckpointVerdict, { result: 'met' }>;

function completeness(latest: Met | undefined, position: number, removed: number): string {
  const entries = latest?.checkpoint.entries ?? 0;
  if (!latest || entries <= removed) {
    return 'No checkpoint is about an entry that is left: nothing vouches that none was taken off the end.';
  }
  const after = position - entries;
  const rest =
    after === 0
      ? 'It is the last one; nothing vouches that none after it was taken off the end.'
      : `The ${entriesOf(after)} after it ${after === 1 ? 'is' : 'are'} chained, but nothing vouches that none was taken off the end.`;
  const time = latest.at === undefined ? '' : ` of ${moment(latest.at)}`;
  return `Complete up to entry ${grouped(entries)}${time}: the checkpoint vouches for it. ${rest}`;
}

function nextTime(position: number, head: string): string {
  return `Keep this where nobody who can write to Redis can change it, and verify by it next time: --checkpoint ${position}:${head}`;
}

function named({ entries, head, at }: GivenCheckpoint): string {
  return `${entries}:${head.slice(0, 12)}…${at === undefined ? '' : ` of ${moment(at)}`}`;
}

function byEntries(one: CheckpointVerdict, other: CheckpointVerdict): number {
  return one.checkpoint.entries - other.checkpoint.entries;
}

export function entriesOf(count: number): string {
  return `${grouped(count)} ${count === 1 ? 'entry' : 'entries'}`;
}

function checkpointsOf(count: number): string {
  return `${grouped(count)} checkpoint${count === 1 ? '' : 's'}`;
}

/** `2026-01-01 03:00:00 UTC` */
function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
