import type { Actor, Request, State } from '../src/requests/request.ts';
import { code, duration, mention, short, when } from './text.ts';

const MARKS: Readonly<Record<State, string>> = {
  received: ':hourglass_flowing_sand:',
  invalid: ':warning:',
  proposed: ':hourglass_flowing_sand:',
  denied: ':no_entry:',
  pending: ':raised_hand:',
  approved: ':ballot_box_with_check:',
  rejected: ':no_entry_sign:',
  expired: ':alarm_clock:',
  cancelled: ':no_entry_sign:',
  stale: ':arrows_counterclockwise:',
  executing: ':gear:',
  succeeded: ':white_check_mark:',
  failed: ':red_circle:',
  unknown: ':grey_question:',
};

export function stateMark(state: State): string {
  return MARKS[state];
}

export function actorName(actor: Actor): string {
  return typeof actor === 'object' ? mention(actor.user) : 'opsbot';
}

/** Two or three words: for lists and for the beginning of a notification. */
export function stateWord(request: Pick<Request, 'state' | 'requirement' | 'waitingFor' | 'effect'>): string {
  switch (request.state) {
    case 'received':
    case 'proposed':
      return 'Checking';
    case 'invalid':
      return 'Not possible';
    case 'denied':
      return 'Not allowed';
    case 'pending':
      return request.requirement?.mode === 'confirm' ? 'Waiting for confirmation' : 'Waiting for approval';
    case 'approved':
      return request.waitingFor ? 'Approved, in the queue' : 'Approved';
    case 'rejected':
      return 'Rejected';
    case 'expired':
      return 'Expired';
    case 'cancelled':
      return 'Cancelled';
    case 'stale':
      return 'Out of date';
    case 'executing':
      return 'Running';
    case 'succeeded':
      return 'Done';
    case 'failed':
      return 'Failed';
    case 'unknown':
      return 'Outcome unknown';
  }
}

/** What the state means for the reader, one to three sentences; mrkdwn. Undefined where the word says it all. */
export function stateSentence(request: Request): string | undefined {
  const { state, ended, outcome } = request;
  switch (state) {
    case 'received':
    case 'proposed':
      return hindranceSentence(request) ?? 'Looking at the cluster and the rules.';
    case 'invalid':
      return errorSentence(request);
    case 'denied':
      return ended && short(ended.reason, 1000);
    case 'pending':
      return undefined;
    case 'approved':
      if (request.hindrance) return hindranceSentence(request);
      return request.waitingFor
        ? `It starts when request ${code(request.waitingFor, 60)} is done with the same workload.`
        : 'It starts in a moment.';
    case 'rejected':
    case 'cancelled':
      return ended && endedBy(ended);
    case 'expired':
      return `${reasonOf(ended, 'Nobody decided in time')} Nothing was changed.`;
    case 'stale':
      return `${reasonOf(ended, 'The cluster has changed')} Nothing was changed by this request. A new plan is being made.`;
    case 'executing':
      if (request.hindrance) return hindranceSentence(request);
      return request.applied ? 'The change is made; the pods follow.' : 'The change is being made.';
    case 'succeeded':
    case 'failed':
      return outcome && outcomeSentence(request);
    case 'unknown':
      return `${reasonOf(ended, 'The connection was lost while the change was being made')} It may have been made, or not. Look at the workload, then say which.`;
  }
}

/** Why it does not get on, and what comes of it; undefined where it does. */
export function hindranceSentence({ state, hindrance, expiresAt, applied, order }: Request): string | undefined {
  if (!hindrance) return undefined;
  const why = sentence(short(hindrance.reason, 1000));
  if (applied) return `The change is made. ${why} opsbot goes on watching the pods as soon as it can.`;
  if (state !== 'executing') {
    return `${why} ${expiresAt === undefined ? 'It is tried again and again.' : `It waits until ${when(expiresAt, '{time_secs}')}, then it expires.`}`;
  }
  if (order && order.validUntil > hindrance.at) {
    return `${why} opsbot goes on trying; it begins nothing after ${when(order.validUntil, '{time_secs}')}.`;
  }
  return `${why} opsbot goes on finding out whether the change was made.`;
}

/** Progress as text with a small bar, e.g. `▰▰▰▰▰▰▱▱▱▱ 12 of 20 pods updated`. */
export function progressLine({ text, done, total }: { text: string; done: number; total: number }): string {
  const share = total > 0 ? Math.min(1, Math.max(0, done / total)) : 0;
  const full = Math.floor(share * 10);
  return `${'▰'.repeat(full)}${'▱'.repeat(10 - full)} ${short(text, 300)}`;
}

function endedBy(ended: NonNullable<Request['ended']>): string {
  const reason = ended.reason.trim();
  return reason === '' ? `By ${actorName(ended.by)}.` : `By ${actorName(ended.by)}: ${short(reason, 1000)}`;
}

function errorSentence({ error }: Request): string | undefined {
  return error && [error.message, error.advice].flatMap((text) => (text ? [short(text, 1000)] : [])).join('\n');
}

function outcomeSentence({ effect, outcome, applied, updatedAt }: Request): string {
  const ms = applied === undefined ? 0 : updatedAt - applied.at;
  // Below a second there is nothing to learn from it.
  const took = ms < 1000 ? '' : ` Took ${duration(ms)}.`;
  if (!outcome) return took.trim();
  // The cluster's word for what happened to its pods; why something cannot be read is said by the sentence.
  const reason = outcome.result === 'failed' && effect === 'change' ? `${code(outcome.reason, 200)} ` : '';
  return `${reason}${sentence(short(outcome.text, 1000))}${took}`;
}

function reasonOf(ended: Request['ended'], otherwise: string): string {
  return sentence(short(ended?.reason.trim() || otherwise, 1000));
}

/** Begins with a capital and ends with a full stop. */
export function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
