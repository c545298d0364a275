import { APP } from '../fixtures.ts';
import type { Element, Json, Option } from '../types.ts';
import type { Placed } from '../visible.ts';
import { enterAndTell, offered, suggest, typedValue } from './filling.ts';
import { elementsOn, type Surface, surfaceOf, type Target } from './looking.ts';
import { surfaceId } from './payloads.ts';
import { act, clickValue } from './pressing.ts';
import { enteredOn, type Gesture, inputsKey, type Self } from './self.ts';

export interface ElementRef {
  /** block_id */
  block: string;
  /** action_id */
  action: string;
}

/** Text, the value of the chosen option or options, or the id of a person or channel; null empties it. */
export type Entry = string | string[] | null;

/** One element of a surface, found by its ids as Slack's own client finds it, also where the app has just replaced it. */
export interface Held {
  /** Presses a button, or the entry of an overflow menu that has this value. A confirm dialog counts as accepted. */
  press(option?: string): Promise<Gesture>;
  enter(entry: Entry): Promise<Gesture>;
  /** The options that an external select offers for what was typed. Throws where the app gave none. */
  search(typed: string): Promise<Option[]>;
}

const IDS: Record<string, string> = {
  users_select: 'selected_user',
  conversations_select: 'selected_conversation',
  channels_select: 'selected_channel',
};

const isMany = ({ type }: Element) => type === 'checkboxes' || type.startsWith('multi_');

export function elementAt(self: Self, { block: blockId, action }: ElementRef, target: Target): Held {
  const { surface, placed } = find();
  const { element } = placed;
  const key = `${inputsKey(self.user.id, surfaceId(surface))} ${blockId} ${action}`;

  function find(): { surface: Surface; placed: Placed } {
    const on = surfaceOf(self, target);
    const shown = [...elementsOn(on), ...(self.world.state.earlier.get(surfaceId(on)) ?? [])];
    const found = shown.find(({ block, element: one }) => block.block_id === blockId && one.action_id === action);
    if (!found) throw new Error('That is not there any more.');
    const author = on.kind === 'message' ? on.message.app_id : APP.id;
    if (author !== APP.id) throw new Error('That belongs to another app.');
    return { surface: on, placed: found };
  }

  /** What the select shows: what it came with, what was suggested last, what is chosen already. */
  function options(): Option[] {
    const before = enteredOn(self, surfaceId(surface))[blockId]?.[action];
    const chosen = [before?.selected_option, ...((before?.selected_options as Option[] | undefined) ?? [])];
    const initial = [element.initial_option, ...(element.initial_options ?? [])];
    const known = [...offered(element), ...(self.world.state.suggested.get(key) ?? []), ...chosen, ...initial];
    return known.filter((option): option is Option => option !== undefined && option !== null);
  }

  function optionOf(value: string): Option {
    const found = options().find((option) => option.value === value);
    if (!found) throw new Error('That option is not offered any more.');
    return found;
  }

  function entered(entry: Entry): Json {
    if (typeof entry !== 'object') {
      const typed = typedValue(element, entry);
      if (typed) return typed;
    }
    const id = IDS[element.type];
    if (id !== undefined) return { [id]: entry };
    if (isMany(element)) return { selected_options: [entry ?? []].flat().map(optionOf) };
    if (entry === null) return typedValue(element, '') ?? { selected_option: null };
    return { selected_option: optionOf(String(entry)) };
  }

  return {
    async press(option) {
      const value = option === undefined ? {} : { option: optionOf(option) };
      return act(self, surface, placed, clickValue({ element, ...value }));
    },
    enter: async (entry) => enterAndTell(self, surface, placed, entered(entry)),
    async search(typed) {
      const { found, error } = await suggest(self, surface, placed, typed);
      if (error !== undefined) throw new Error(`The app gave no options (${error}).`);
      self.world.state.suggested.set(key, found);
      return found;
    },
  };
}
