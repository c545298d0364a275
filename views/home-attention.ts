import { Actions, Button, Section } from 'slack-block-builder';
import type { Action } from '../src/actions/action.ts';
import type { Attention } from '../src/kubernetes/attention.ts';
import { fits } from './fitting.ts';
import { encodeTarget, homeActId } from './ids.ts';
import { code, cut, short } from './text.ts';

export type HomeAction = Pick<Action, 'name' | 'title' | 'verb' | 'effect' | 'fields' | 'shortcut'>;

/** Buttons that fit below one item on a phone. */
const BUTTONS_SHOWN = 5;

/** What needs a look, and the buttons that act on it. */
export function attentionBlocks(item: Attention, actions: readonly HomeAction[]) {
  const where = item.namespace === '' ? '' : ` in ${code(item.namespace)}`;
  const text = Section({ text: `${item.kind} ${code(item.name)}${where}\n${short(item.why, 500)}` });
  const value = encodeTarget(item);
  const buttons = actions
    .filter((action) => fits(action, item.kind))
    .slice(0, BUTTONS_SHOWN)
    .map(({ name, verb }) => Button({ text: cut(verb, 75), actionId: homeActId(name), value }));
  return buttons.length === 0 ? [text] : [text, Actions().elements(...buttons)];
}
