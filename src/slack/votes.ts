import type {
  AllMiddlewareArgs,
  BlockAction,
  ButtonAction,
  SlackActionMiddlewareArgs,
  SlackViewMiddlewareArgs,
} from '@slack/bolt';
import { decodeRequest, type RequestKey } from '../../views/ids.ts';
import { readReason, rejectModal } from '../../views/modal.ts';
import { InputError, NotAllowedError } from '../errors.ts';
import { requireMember } from '../requests/eligibility.ts';
import { isTerminal, type Origin, type Request } from '../requests/request.ts';
import type { Answer } from '../requests/requests.ts';
import type { FrontDesk } from './front-desk.ts';
import { showHome } from './home.ts';
import { placeOf } from './place.ts';
import { refusal } from './refusal.ts';
import { callSlack } from './slack-errors.ts';
import { tell } from './tell.ts';

export type ButtonClick = SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs;

/** What a click on a request's button does, given which revision the person saw. */
type Press = (front: FrontDesk, click: { key: RequestKey; user: string }) => Promise<Answer>;

/** Listener of a button that decides: durable, then acked, then the refusal (if any) for the person. */
export function onPress(front: FrontDesk, press: Press) {
  return async ({ body, action, ack }: ButtonClick): Promise<void> => {
    const click = { key: keyOf(action.value), user: body.user.id };
    const answer = await press(front, click);
    await ack();
    const place = placeOf(body);
    if (answer.refused !== undefined && place) await tell(front.slack, place, refusal(answer.refused));
    // Who pressed a button on Home sees at once that it is gone.
    if (body.view?.type === 'home') await showHome(front, click.user);
  };
}

function keyOf(value: unknown): RequestKey {
  const key = decodeRequest(value);
  if (!key) throw new InputError('This button is too old.', { advice: 'Ask for the change again.' });
  return key;
}

export const approve: Press = (front, { key, user }) =>
  front.requests.approve({ id: key.requestId, revision: key.revision, user, gesture: 'button' });

export const cancel: Press = (front, { key, user }) => front.requests.cancel({ id: key.requestId, user, reason: '' });

export const settleSucceeded: Press = (front, { key, user }) =>
  front.requests.settle({ id: key.requestId, user, succeeded: true });

export const settleFailed: Press = (front, { key, user }) =>
  front.requests.settle({ id: key.requestId, user, succeeded: false });

/**
 * The request that takes another one back is shown in that one's thread. Clicks that come before the thread shows what an
 * earlier one asked for are the same gesture, whoever clicked.
 */
export const undo: Press = async (front, { key, user }) => {
  const { origin, earlier } = await threadOf(front, key.requestId);
  const underWay = earlier.find((request) => request.undoOf === key.requestId && !isTerminal(request.state));
  if (underWay) return { request: underWay, refused: `Request ${underWay.id} takes this back already.` };
  const gestureKey = `undo.${key.requestId}.${earlier.length}`;
  return front.requests.undo({ id: key.requestId, user, gestureKey, origin });
};

/** The same once more, as this person's own request. */
export const askAgain: Press = async (front, { key, user }) => {
  const { cluster, action, input, reason } = await front.requests.get(key.requestId);
  const { origin, earlier } = await threadOf(front, key.requestId);
  const gestureKey = `again.${key.requestId}.${user}.${earlier.length}`;
  return { request: await front.requests.ask({ gestureKey, cluster, action, input, reason, requester: user, origin }) };
};

async function threadOf(front: FrontDesk, id: string): Promise<{ origin: Origin; earlier: Request[] }> {
  const { origin } = await front.requests.get(id);
  const surface = await front.surfaces.get(id);
  const channel = surface?.channel ?? origin.channel;
  const thread = surface?.thread ?? origin.thread;
  const earlier = thread === undefined ? [] : await front.requests.inThread(channel, thread);
  return { origin: { channel, thread, gesture: 'button' }, earlier };
}

/** Reject asks for the reason first. */
export function openReject(front: FrontDesk) {
  return async ({ body, action, ack }: ButtonClick): Promise<void> => {
    const key = keyOf(action.value);
    await requireMember(front.people, body.user.id);
    const request = await front.requests.get(key.requestId);
    const view = rejectModal({ ...key, headline: front.headline(request) });
    await callSlack(() => front.slack.views.open({ trigger_id: body.trigger_id, view }));
    await ack();
  };
}

export function submitReject(front: FrontDesk) {
  return async ({ body, view, ack }: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const { requestId, revision } = keyOf(view.private_metadata);
    const reason = readReason(view.state.values) ?? '';
    const answer = await front.requests.reject({
      id: requestId,
      revision,
      user: body.user.id,
      reason,
      gesture: 'modal',
    });
    if (answer.refused !== undefined) throw new NotAllowedError(answer.refused, { field: 'reason' });
    await ack();
  };
}
