import type { Action, Field } from '../src/actions/action.ts';
import { fieldId, IDS } from './ids.ts';
import { blockIdOf } from './modal-fields.ts';
import type { Choice } from './options.ts';

export interface ModalValues {
  /** Raw input by field name, for the action's schema. Selects give their value (UID of a workload or pod). */
  input: Record<string, unknown>;
  /** Chosen options of the selects, by field name: what was shown beside the value. */
  chosen: Record<string, Choice>;
  reason: string | undefined;
  /** Its id; one of a list with what was shown beside it. */
  channel: Choice | string | undefined;
}

/** `view.state.values` → what was entered. Empty fields are left out. Takes anything, never throws. */
export function readModal(values: unknown, action: Pick<Action, 'fields'>): ModalValues {
  const input: Record<string, unknown> = {};
  const chosen: Record<string, Choice> = {};
  for (const field of action.fields) {
    const element = at(at(values, blockIdOf(field.name)), fieldId(field.name));
    const value = entered(field, element);
    if (value !== undefined) input[field.name] = value;
    const choice = choiceOf(element);
    if (choice) chosen[field.name] = choice;
  }
  const element = at(at(values, IDS.channel.block), IDS.channel.input);
  const channel = choiceOf(element) ?? textOf(at(element, 'selected_conversation'));
  return { input, chosen, reason: readReason(values), channel };
}

/** What was entered as *Reason*, in either modal; undefined where nothing was. */
export function readReason(values: unknown): string | undefined {
  return textOf(at(at(at(values, IDS.reason.block), IDS.reason.input), 'value'));
}

function entered(field: Field, element: unknown): unknown {
  switch (field.control) {
    case 'namespace':
    case 'workload':
    case 'pod':
    case 'container':
      return choiceOf(element)?.value;
    case 'number':
      return numberOf(textOf(at(element, 'value')));
    case 'text':
      return textOf(at(element, 'value'));
    case 'checkbox': {
      const selected = at(element, 'selected_options');
      return Array.isArray(selected) && selected.length > 0 ? true : undefined;
    }
  }
}

/** What is no number stays text: the action's schema says what is wrong with it. */
function numberOf(text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function choiceOf(element: unknown): Choice | undefined {
  const selected = at(element, 'selected_option');
  const value = textOf(at(selected, 'value'));
  if (value === undefined) return undefined;
  const description = textOf(at(at(selected, 'description'), 'text'));
  return { value, text: textOf(at(at(selected, 'text'), 'text')) ?? value, ...(description ? { description } : {}) };
}

function at(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}
