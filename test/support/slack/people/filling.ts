import { validateOptions } from '../block-kit.ts';
import { findInput } from '../form.ts';
import type { Element, Json, Option, StateValues } from '../types.ts';
import type { Placed } from '../visible.ts';
import { elementsOn, type Surface, surfaceOf, type Target } from './looking.ts';
import { basePayload, surfaceId, surfacePayload } from './payloads.ts';
import { act } from './pressing.ts';
import { enteredOn, type Gesture, inputsKey, type Self } from './self.ts';

export interface Searched {
  /** The texts of the options that the select shows. */
  options: string[];
  /** Set where the select shows nothing because the app did not answer, or answered what Slack refuses. */
  error?: string;
  ms: number;
}

const SILENT: Gesture = { sent: false, acked: false, ms: 0 };

function located(self: Self, label: string, target: Target): { surface: Surface; placed: Placed } {
  const surface = surfaceOf(self, target);
  return { surface, placed: findInput(elementsOn(surface), label) };
}

function enter(self: Self, surface: Surface, { block, element }: Placed, value: Json): void {
  const id = surfaceId(surface);
  const entered = enteredOn(self, id);
  const blockId = block.block_id ?? '';
  const field = { type: element.type, ...value };
  const values: StateValues = { ...entered, [blockId]: { ...entered[blockId], [element.action_id ?? '']: field } };
  self.world.state.inputs.set(inputsKey(self.user.id, id), values);
  self.world.journal.changed();
}

/** Inputs tell the app only where their block asks for it; elements of other blocks always do. */
function dispatches({ block, element }: Placed): boolean {
  if (block.type !== 'input') return true;
  if (!block.dispatch_action) return false;
  const typed = element.type.endsWith('_input');
  return !typed || (element.dispatch_action_config?.trigger_actions_on ?? ['on_enter_pressed']).length > 0;
}

export async function enterAndTell(self: Self, surface: Surface, placed: Placed, value: Json): Promise<Gesture> {
  enter(self, surface, placed, value);
  return dispatches(placed) ? act(self, surface, placed, value) : SILENT;
}

const PICKERS: Record<string, string> = { datepicker: 'selected_date', timepicker: 'selected_time' };

/** The value of an element into which one types; undefined where one chooses. */
export function typedValue({ type }: Element, text: string): Json | undefined {
  const key = PICKERS[type] ?? (type.endsWith('_input') ? 'value' : undefined);
  return key === undefined ? undefined : { [key]: text === '' ? null : text };
}

/** Types into an input; an empty string empties it. */
export async function fill(self: Self, label: string, text: string, target: Target): Promise<Gesture> {
  const { surface, placed } = located(self, label, target);
  const value = typedValue(placed.element, text);
  if (!value) throw new Error(`"${label}" is a ${placed.element.type}: choose, do not fill`);
  return enterAndTell(self, surface, placed, value);
}

export function optionsIn(answer: unknown): Option[] {
  const { options = [], option_groups: groups = [] } = answer as Pick<Element, 'options' | 'option_groups'>;
  return [...options, ...groups.flatMap((group) => group.options)];
}

interface Suggested {
  found: Option[];
  error?: string;
  ms: number;
}

/** Asks the app for the options of an external select. */
export async function suggest(self: Self, surface: Surface, placed: Placed, typed: string): Promise<Suggested> {
  const { world } = self;
  const { block, element } = placed;
  const { trigger_id: _trigger, ...base } = basePayload(self, 'block_suggestion');
  const { response_url: _url, ...where } = surfacePayload(self, surface, placed);
  const payload = { ...base, ...where, action_id: element.action_id, block_id: block.block_id, value: typed };
  const result = await world.deliver({ kind: 'interactive', payload, acceptsResponse: true });
  if (!result.acked) return { found: [], error: result.error, ms: result.ms };
  const reasons = validateOptions(result.payload);
  if (reasons.length === 0) return { found: optionsIn(result.payload), ms: result.ms };
  world.journal.violated({
    kind: 'bad-ack',
    name: 'block_suggestion',
    error: 'invalid_options',
    reasons,
    args: result.payload,
  });
  return { found: [], error: 'invalid_options', ms: result.ms };
}

/** Types into an external select and waits for its options. */
export async function search(self: Self, label: string, typed: string, target: Target): Promise<Searched> {
  const { surface, placed } = located(self, label, target);
  if (!placed.element.type.endsWith('external_select'))
    throw new Error(`"${label}" does not ask the app for its options`);
  const least = placed.element.min_query_length ?? 3;
  if (typed.length < least) throw new Error(`"${label}" asks the app only from ${least} characters on`);
  const { found, error, ms } = await suggest(self, surface, placed, typed);
  return { options: found.map((option) => option.text.text), ms, ...(error ? { error } : {}) };
}

export const offered = (element: Element): Option[] =>
  optionsIn({ options: element.options, option_groups: element.option_groups });

function pick(options: Option[], wanted: string, label: string): Option {
  const exact = options.filter((option) => option.text.text === wanted);
  const near = exact.length > 0 ? exact : options.filter((option) => option.text.text.includes(wanted));
  if (near.length === 1 && near[0]) return near[0];
  const seen = options.map((option) => `"${option.text.text}"`).join(', ') || 'nothing';
  throw new Error(`"${label}" offers ${near.length === 0 ? 'no' : 'several'} "${wanted}", but: ${seen}`);
}

function idByName({ world }: Self, type: string, wanted: string): Json | undefined {
  const bare = wanted.replace(/^[@#]/, '');
  const user = [...world.state.users.values()].find(({ id, name }) => id === wanted || name === bare);
  const channel = [...world.state.channels.values()].find(({ id, name }) => id === wanted || name === bare);
  switch (type) {
    case 'users_select':
      return user && { selected_user: user.id };
    case 'conversations_select':
      return channel && { selected_conversation: channel.id };
    case 'channels_select':
      return channel && { selected_channel: channel.id };
    default:
      return undefined;
  }
}

function toggled(self: Self, surface: Surface, { block, element }: Placed, option: Option): Option[] {
  const entered = enteredOn(self, surfaceId(surface))[block.block_id ?? '']?.[element.action_id ?? ''];
  const before = (entered?.selected_options as Option[] | undefined) ?? element.initial_options ?? [];
  const without = before.filter((other) => other.value !== option.value);
  return without.length < before.length ? without : [...before, option];
}

/**
 * Picks an option by its text in a select, a radio group or check boxes (where it toggles). An external select is
 * searched first, for the typed text or else for the wanted option's own.
 */
export async function choose(
  self: Self,
  label: string,
  wanted: string,
  target: Target,
  typed = wanted,
): Promise<Gesture> {
  const { surface, placed } = located(self, label, target);
  const { type } = placed.element;
  if (type === 'users_select' || type === 'conversations_select' || type === 'channels_select') {
    const value = idByName(self, type, wanted);
    if (!value) throw new Error(`"${label}" offers no "${wanted}"`);
    return enterAndTell(self, surface, placed, value);
  }
  const external = type.endsWith('external_select');
  const { found, error } = external
    ? await suggest(self, surface, placed, typed)
    : { found: offered(placed.element), error: undefined };
  if (error !== undefined) throw new Error(`"${label}" could not load its options: ${error}`);
  const option = pick(found, wanted, label);
  const several = type === 'checkboxes' || type.startsWith('multi_');
  const value = several ? { selected_options: toggled(self, surface, placed, option) } : { selected_option: option };
  return enterAndTell(self, surface, placed, value);
}

/** Empties a select. */
export async function unchoose(self: Self, label: string, target: Target): Promise<Gesture> {
  const { surface, placed } = located(self, label, target);
  const several = placed.element.type === 'checkboxes' || placed.element.type.startsWith('multi_');
  return enterAndTell(self, surface, placed, several ? { selected_options: [] } : { selected_option: null });
}
