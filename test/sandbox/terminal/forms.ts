import type { SeenView } from '../../support/slack/people/looking.ts';
import type { Person } from '../../support/slack/people/person.ts';
import type { Text } from '../../support/slack/types.ts';
import { elementsOf, inputLabel } from '../../support/slack/visible.ts';
import { failed, onHome, type Screen, same } from './screen.ts';

export function openForm(person: Person): SeenView {
  const form = person.modal();
  if (!form)
    throw new Error(`${person.user.name} has no form open. One opens one with: ${person.user.name} runs scale`);
  return form;
}

/** The label as it is written. */
export const labelAmong = (labels: readonly string[], wanted: string) =>
  labels.find((label) => same(label, wanted)) ?? wanted;

export async function fill(screen: Screen, person: Person, label: string, value: string): Promise<void> {
  const { inputs } = openForm(person);
  failed(screen, await person.fills(labelAmong(inputs, label), value));
}

/** In the form, else on Home, where the text beside a select is its label. */
export async function choose(screen: Screen, person: Person, label: string, value: string): Promise<void> {
  const form = person.modal();
  const home = person.home();
  if (form || !home) {
    failed(screen, await person.chooses(labelAmong(openForm(person).inputs, label), value));
    return;
  }
  const beside = elementsOf(home.view.blocks).find(({ block }) => same(textOf(block.text), label));
  const on = beside ? inputLabel(beside) : label;
  failed(screen, await onHome(screen, person, () => person.chooses(on, value, { on: 'home' })));
}

const textOf = (text: Text | string | undefined) =>
  (typeof text === 'string' ? text : (text?.text ?? '')).replaceAll('*', '').trim();

export async function submit(screen: Screen, person: Person): Promise<void> {
  openForm(person);
  const answer = await person.submits();
  if ('errors' in answer) {
    for (const [label, problem] of Object.entries(answer.errors)) screen.notice(`${label}: ${problem}`);
  }
  if ('failed' in answer) screen.notice(`Slack says: We had some trouble connecting (${answer.failed}).`);
}
