import type { Element, Option } from '../../../../../support/slack/types.ts';
import { wordsOf } from '../text/plain-text.ts';

/** Something that a select offers. */
export interface Choice {
  value: string;
  label: string;
  description?: string | undefined;
}

/** Choices below a heading; without one where there is only one group. */
export interface ChoiceGroup {
  label: string | undefined;
  items: Choice[];
}

export const choiceOf = ({ text, value, description }: Option): Choice => ({
  value: value ?? '',
  label: wordsOf(text),
  description: wordsOf(description) || undefined,
});

/** What the app has put into the element itself. */
export function ownChoices({ options = [], option_groups: groups = [] }: Element): ChoiceGroup[] {
  const grouped = groups.map(({ label, options: items }) => ({ label: wordsOf(label), items: items.map(choiceOf) }));
  return options.length > 0 ? [{ label: undefined, items: options.map(choiceOf) }, ...grouped] : grouped;
}

export const isSame = (one: Choice, other: Choice): boolean => one.value === other.value;
