import type { Request, Step } from '../../src/requests/request.ts';
import type { Evidence } from './evidence.ts';
import type { Deed } from './ledger.ts';

/** Everything that Slack was acked for is there, or somebody was told why not; and nothing is there that nobody asked for. */
export function aboutTheDeeds(evidence: Evidence): string[] {
  const { deeds } = evidence;
  const asks = deeds.filter(({ does }) => does === 'ask');
  const others = deeds.filter(({ does }) => does !== 'ask');
  return [...aboutAsking(evidence, asks), ...others.filter((deed) => isLost(evidence, deed)).map(inWords)];
}

function inWords({ user, does, by, request, revision, until }: Deed): string {
  return `${user} did ${does} ${request}.${revision} (by ${by}), was acked at ${new Date(until).toISOString()}, and nothing came of it`;
}

function aboutAsking(evidence: Evidence, asks: readonly Deed[]): string[] {
  const { requests } = evidence;
  const tags = asks.map((deed) => deed.tag ?? '');
  const askers = new Set(asks.map(({ user }) => user));
  return [
    ...asks.filter(({ reads }) => !reads).flatMap((deed) => aboutChange(evidence, deed)),
    ...[...askers].flatMap((user) =>
      aboutReads(
        evidence,
        user,
        asks.filter((deed) => deed.user === user),
      ),
    ),
    ...requests
      .filter(({ effect, reason, requester }) =>
        effect === 'read' ? !askers.has(requester) : !tags.includes(reason ?? ''),
      )
      .map(({ id, reason }) => `nobody asked for ${id} (${reason})`),
  ];
}

function aboutChange(evidence: Evidence, deed: Deed): string[] {
  const { tag = '' } = deed;
  const times = evidence.requests.filter(({ effect, reason }) => effect === 'change' && reason === tag).length;
  if (times > 1) return [`${tag} was asked for once (by ${deed.by}), and ${times} requests came of it`];
  return times === 0 && isAccepted(evidence, deed)
    ? [`${tag} was acked (by ${deed.by}), and no request came of it`]
    : [];
}

/** A read carries no reason by which it could be told from another one of the same person. */
function aboutReads({ requests, ...evidence }: Evidence, user: string, asks: readonly Deed[]): string[] {
  const reads = asks.filter((deed) => deed.reads);
  const found = requests.filter(({ requester, effect }) => requester === user && effect === 'read').length;
  const accepted = reads.filter((deed) => isAccepted({ requests, ...evidence }, deed)).length;
  if (found > reads.length) return [`${user} asked ${reads.length} times to read, and ${found} requests came of it`];
  return found < accepted ? [`${user} was acked for ${accepted} reads, and ${found} requests came of it`] : [];
}

/** Acked, and not answered with an error. */
function isAccepted(evidence: Evidence, deed: Deed): boolean {
  return deed.acked && deed.answer === undefined && !isTold(evidence, deed);
}

/** Whether opsbot has said something to that person since, alone or, to a mention, in the thread where that stands. */
function isTold({ whispers, messages }: Evidence, { user, from, event }: Deed): boolean {
  if (whispers.some((whisper) => whisper.to === user && whisper.at >= from)) return true;
  if (event?.type !== 'app_mention') return false;
  const { ts: said, thread = said } = event;
  return messages.some(
    ({ part, thread: place, ts }) => part === undefined && place === thread && Number(ts) > Number(said),
  );
}

function isLost(evidence: Evidence, deed: Deed): boolean {
  if (!deed.acked || deed.answer !== undefined || isTold(evidence, deed)) return false;
  const request = evidence.requests.find(({ id }) => id === deed.request);
  if (request === undefined || isThere(request, deed)) return false;
  return !wasTooLate(evidence, request, deed) && !isTakenBack(evidence, deed);
}

/** Slack may deliver a reaction after its removal, which counts then. */
function isTakenBack({ deeds }: Evidence, { does, user, request, from }: Deed): boolean {
  const later = deeds.filter((deed) => deed.user === user && deed.request === request && deed.from > from);
  return does === 'approve' && later.some((deed) => deed.does === 'take back' && deed.acked);
}

function isThere({ steps }: Request, { does, user, revision }: Deed): boolean {
  const mine = steps.filter(({ actor }) => typeof actor === 'object' && actor.user === user);
  switch (does) {
    case 'approve':
      return mine.some((step) => step.event === 'voted' && step.revision === revision);
    case 'reject':
    case 'cancel':
      return mine.some(({ event }) => event === 'rejected' || event === 'cancelled');
    default:
      return mine.findLast((step) => step.event === 'voted' || step.event === 'withdrawn')?.event !== 'voted';
  }
}

/** It waited for nobody's word any more when the gesture was acked, or for a word on another plan: the screen shows that. */
function wasTooLate(evidence: Evidence, { steps }: Request, { until, revision, does }: Deed): boolean {
  const waits = does === 'cancel' ? ['received', 'proposed', 'pending', 'approved'] : ['pending'];
  const since = steps.findIndex((step) => step.event === 'decided' && step.revision === revision);
  return steps.slice(since + 1).some((step) => !waits.includes(step.state) && timeOf(evidence, step) <= until);
}

/** By Slack's clock. */
function timeOf({ jump }: Evidence, { at }: Step): number {
  return jump && at >= jump.at + jump.aheadMs ? at - jump.aheadMs : at;
}
