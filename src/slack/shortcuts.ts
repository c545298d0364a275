import type {
  AllMiddlewareArgs,
  BlockAction,
  ButtonAction,
  GlobalShortcut,
  MessageShortcut,
  SlackActionMiddlewareArgs,
  SlackShortcutMiddlewareArgs,
} from '@slack/bolt';
import { decodeTarget, nameIn, type PATTERNS } from '../../views/ids.ts';
import type { Action } from '../actions/action.ts';
import { turnedOff } from '../actions/turned-off.ts';
import { InputError } from '../errors.ts';
import { isBotIn } from './channel.ts';
import { findChosen, workloadOfPod } from './find-chosen.ts';
import type { FrontDesk } from './front-desk.ts';
import { findMentioned, textOf } from './mentioned.ts';
import { openModal, pictureOf } from './modal.ts';

type Global = SlackShortcutMiddlewareArgs<GlobalShortcut> & AllMiddlewareArgs;
type OnMessage = SlackShortcutMiddlewareArgs<MessageShortcut> & AllMiddlewareArgs;
type HomeButton = SlackActionMiddlewareArgs<BlockAction<ButtonAction>> & AllMiddlewareArgs;

/** The action that an id of a shortcut or a button names. */
export function actionOf(front: FrontDesk, kind: keyof typeof PATTERNS, id: string): Action {
  const wanted = nameIn(kind, id);
  const action = front.actions.find(({ name }) => name === wanted);
  if (action) return action;
  // Slack's menu has the shortcuts of all actions, and an old message the buttons of its day.
  if (wanted !== undefined && front.off.includes(wanted)) throw turnedOff(wanted);
  throw new InputError('opsbot does not know this action any more.');
}

export function onGlobalShortcut(front: FrontDesk) {
  return async ({ shortcut, ack }: Global): Promise<void> => {
    const action = actionOf(front, 'shortcut', shortcut.callback_id);
    await openModal(front, { triggerId: shortcut.trigger_id, user: shortcut.user.id, action });
    await ack();
  };
}

/** On a message: filled in with what the message names; the request goes to its thread, if opsbot can post there. */
export function onMessageShortcut(front: FrontDesk) {
  return async ({ shortcut, ack }: OnMessage): Promise<void> => {
    const action = actionOf(front, 'messageShortcut', shortcut.callback_id);
    const [snapshot, isHere] = await Promise.all([pictureOf(front), isBotIn(front, shortcut.channel.id)]);
    const thread = String(shortcut.message.thread_ts ?? shortcut.message.ts);
    await openModal(front, {
      triggerId: shortcut.trigger_id,
      user: shortcut.user.id,
      action,
      ...(isHere ? { channel: shortcut.channel.id, thread } : {}),
      chosen: snapshot && findMentioned(textOf(shortcut.message), snapshot),
    });
    await ack();
  };
}

/** A button beside something on Home: the modal, filled in with it. */
export function onHomeAct(front: FrontDesk) {
  return async ({ body, action: button, ack }: HomeButton): Promise<void> => {
    const action = actionOf(front, 'homeAct', button.action_id);
    const target = decodeTarget(button.value);
    const snapshot = await pictureOf(front);
    const found = findChosen(snapshot, { namespace: target?.namespace, workload: target?.uid, pod: target?.uid });
    const owner = snapshot && found.pod ? workloadOfPod(snapshot, found.pod) : undefined;
    const chosen = { ...found, workload: found.workload ?? owner };
    await openModal(front, { triggerId: body.trigger_id, user: body.user.id, action, chosen });
    await ack();
  };
}

export function onHomeNew(front: FrontDesk) {
  return async ({ body, action: button, ack }: HomeButton): Promise<void> => {
    const action = actionOf(front, 'homeNew', button.action_id);
    await openModal(front, { triggerId: body.trigger_id, user: body.user.id, action });
    await ack();
  };
}
