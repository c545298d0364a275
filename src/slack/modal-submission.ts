import type { AllMiddlewareArgs, SlackViewMiddlewareArgs, ViewSubmitAction } from '@slack/bolt';
import { type ModalMetadata, type ModalValues, readMetadata, readModal } from '../../views/modal.ts';
import type { Action } from '../actions/action.ts';
import { turnedOff } from '../actions/turned-off.ts';
import { InputError } from '../errors.ts';
import { canonicalJson, sha256 } from '../requests/digest.ts';
import type { Origin } from '../requests/request.ts';
import { requestsChannel, requireBotIn } from './channel.ts';
import type { FrontDesk } from './front-desk.ts';
import { pictureOf } from './modal.ts';
import { inputOf } from './modal-input.ts';
import { directChannel } from './tell.ts';

type Submission = SlackViewMiddlewareArgs<ViewSubmitAction> & AllMiddlewareArgs;

/** The modal was sent: what is wrong stands at its field and the modal stays open; else the request is on its way. */
export function submitAction(front: FrontDesk) {
  return async ({ body, view, ack }: Submission): Promise<void> => {
    const metadata = readMetadata(view.private_metadata);
    const action = front.actions.find(({ name }) => name === metadata?.action);
    if (metadata && front.off.includes(metadata.action)) throw turnedOff(metadata.action);
    if (!metadata || !action)
      throw new InputError('This dialog is too old.', { advice: 'Close it and open it again.' });
    const values = readModal(view.state.values, action);
    const input = checked(action, inputOf(action, values, await pictureOf(front)));
    const { reason } = values;
    await front.requests.ask({
      // Sending the same modal twice is one gesture; sending it with something else in it asks for something else.
      gestureKey: `${view.id}.${sha256(canonicalJson({ input, reason }))}`,
      cluster: front.cluster,
      action: action.name,
      input,
      reason,
      requester: body.user.id,
      origin: await originOf(front, action, metadata.context, values, body.user.id),
    });
    await ack();
  };
}

/** The raw input, once the action's own schema has found nothing wrong with it. */
function checked(action: Action, input: unknown): unknown {
  const parsed = action.input.safeParse(input);
  if (parsed.success) return input;
  const issue = parsed.error.issues[0];
  throw new InputError(issue?.message ?? 'This does not fit.', { field: String(issue?.path[0] ?? '') || undefined });
}

/** A change goes where others see it, a read to whom it is for. */
async function originOf(
  front: FrontDesk,
  action: Action,
  context: ModalMetadata['context'],
  values: ModalValues,
  user: string,
): Promise<Origin> {
  const { thread } = context;
  const chosen = typeof values.channel === 'object' ? values.channel.value : values.channel;
  const given = context.channel ?? chosen;
  if (given === undefined && action.effect === 'read') {
    return { channel: await directChannel(front.slack, user), thread: undefined, gesture: 'modal' };
  }
  const channel = given ?? (await requestsChannel(front));
  if (given !== undefined) await requireBotIn(front, given);
  // Asked on Home or by a global shortcut, not at a message: whoever did so may look nowhere else.
  const aside = thread === undefined && action.effect === 'change' ? { aside: {} } : {};
  return { channel, thread, ...aside, gesture: 'modal' };
}
