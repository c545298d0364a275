import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { Answer, Ballot } from '../requests/requests.ts';
import type { FrontDesk } from './front-desk.ts';
import { requireAllowed } from './only-where-allowed.ts';
import { refusal } from './refusal.ts';
import { requestShownBy } from './shown-request.ts';
import { tell } from './tell.ts';
import { isBefore } from './typed-vote.ts';

type Verdict = 'approve' | 'reject';
type Reacted = SlackEventMiddlewareArgs<'reaction_added'> & AllMiddlewareArgs;
type TookBack = SlackEventMiddlewareArgs<'reaction_removed'> & AllMiddlewareArgs;

const VERDICTS: Readonly<Record<string, Verdict>> = {
  white_check_mark: 'approve',
  heavy_check_mark: 'approve',
  x: 'reject',
  negative_squared_cross_mark: 'reject',
};

/** A reaction on a request's message votes for the revision that this message shows. */
export function onReaction(front: FrontDesk) {
  return async ({ event }: Reacted): Promise<void> => {
    const verdict = VERDICTS[event.reaction];
    const ballot = verdict && (await ballotOf(front, event));
    if (!ballot) return;
    await requireAllowed(front, { channel: event.item.channel, user: event.user });
    const answer = await vote(front, verdict, ballot, event);
    if (answer?.refused === undefined) return;
    const { channel, ts } = event.item;
    const thread = (await front.surfaces.get(ballot.id))?.thread ?? ts;
    await tell(front.slack, { user: event.user, channel, thread }, refusal(answer.refused));
  };
}

/** Taking the reaction back withdraws the vote. One that never counted, or no longer does, needs no words. */
export function onReactionRemoved(front: FrontDesk) {
  return async ({ event }: TookBack): Promise<void> => {
    // A rejection has ended the request: there is nothing left to take back.
    const ballot = VERDICTS[event.reaction] === 'approve' ? await ballotOf(front, event) : undefined;
    if (!ballot) return;
    // First of all: whoever is counting this vote just now looks here when that is done.
    await front.surfaces.takeBack({ ...event.item, user: event.user }, event.event_ts);
    await front.requests.withdraw(ballot);
  };
}

async function ballotOf(front: FrontDesk, event: (Reacted | TookBack)['event']): Promise<Ballot | undefined> {
  const isByOthers = event.item_user !== undefined && event.item_user !== front.bot().userId;
  if (event.item.type !== 'message' || isByOthers) return undefined;
  const { channel, ts } = event.item;
  const shown = await requestShownBy(front, { channel, ts, author: event.item_user });
  return shown && { ...shown, user: event.user, gesture: 'reaction' };
}

/** Undefined where the reaction is gone already, and there is nothing to say about it. */
async function vote(
  front: FrontDesk,
  verdict: Verdict,
  ballot: Ballot,
  event: Reacted['event'],
): Promise<Answer | undefined> {
  if (verdict === 'reject') return front.requests.reject({ ...ballot, reason: '' });
  const answer = (await isTakenBack(front, event)) ? undefined : await front.requests.approve(ballot);
  if (!(await isTakenBack(front, event))) return answer;
  await front.requests.withdraw(ballot);
  return undefined;
}

/** The two events of a reaction that is taken back at once may arrive in either order, and side by side. */
async function isTakenBack(front: FrontDesk, { item, user, event_ts: at }: Reacted['event']): Promise<boolean> {
  const takenBack = await front.surfaces.takenBackAt({ ...item, user });
  return takenBack !== undefined && isBefore(at, takenBack);
}
