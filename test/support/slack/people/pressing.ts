import { APP } from '../fixtures.ts';
import type { Confirm, Element, Json } from '../types.ts';
import type { Placed } from '../visible.ts';
import { type Clickable, findClickable, type Surface, surfaceOf, type Target, topModal } from './looking.ts';
import { basePayload, surfacePayload } from './payloads.ts';
import { type Gesture, gestureOf, type Self } from './self.ts';

export interface ClickOptions {
  on?: Target;
  /** False turns back at the confirm dialog. Default: it is accepted. */
  confirm?: boolean;
}

/** A button in view: clicking it later is like clicking on a screen that has not caught up yet. */
export interface Pressable {
  label: string;
  confirm: Confirm | undefined;
  click(options?: Pick<ClickOptions, 'confirm'>): Promise<Gesture>;
}

/** Sends `block_actions` for one element. */
export async function act(self: Self, surface: Surface, placed: Placed, value: Json): Promise<Gesture> {
  const { world } = self;
  const { block, element } = placed;
  const action = {
    action_id: element.action_id,
    block_id: block.block_id,
    type: element.type,
    ...value,
    action_ts: world.state.nextTs(),
  };
  const payload = {
    ...basePayload(self, 'block_actions'),
    ...surfacePayload(self, surface, placed),
    actions: [action],
  };
  return gestureOf(await world.deliver({ kind: 'interactive', payload, acceptsResponse: false }));
}

export function clickValue({ element, option }: Pick<Clickable, 'element' | 'option'>): Json {
  if (option) return { selected_option: option };
  const { text, value, style } = element;
  return { text, ...(value === undefined ? {} : { value }), ...(style ? { style } : {}) };
}

/** The same surface as it is now; where the app has changed it since, the server works on the newer one. */
function current(self: Self, surface: Surface): Surface {
  if (surface.kind === 'view') {
    const { view } = surface;
    if (view.type === 'home') return surfaceOf(self, 'home');
    return topModal(self)?.id === view.id ? surfaceOf(self, 'modal') : surface;
  }
  return surface;
}

export function findPressable(self: Self, label: string, target?: Target): Pressable {
  const { surface, clickable } = findClickable(self, label, target);
  const author = surface.kind === 'message' ? surface.message.app_id : APP.id;
  if (author !== APP.id) throw new Error(`"${label}" belongs to another app (${author})`);
  const { confirm } = clickable.element as Element;
  return {
    label,
    confirm,
    async click(options = {}) {
      const shown = confirm ? { confirm: confirm.text.text } : {};
      if (confirm && options.confirm === false) return { sent: false, acked: false, ms: 0, ...shown };
      const now = current(self, surface);
      return { ...(await act(self, now, clickable, clickValue(clickable))), ...shown };
    },
  };
}
