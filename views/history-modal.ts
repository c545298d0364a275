import type { ModalView } from '@slack/types';
import {
  Actions,
  Button,
  Divider,
  ExternalSelect,
  Option,
  Section,
  StaticSelect,
  UserSelect,
} from 'slack-block-builder';
import type { Action } from '../src/actions/action.ts';
import type { About } from '../src/requests/history-filter.ts';
import { built } from './blocks.ts';
import { below, type HistoryList, historyLines, OUTCOME_WORDS } from './history.ts';
import { IDS } from './ids.ts';
import { ALL_NAMESPACES, type Choice, isOffered, namespaceChoice, option } from './options.ts';

export interface HistoryModal extends HistoryList {
  /** Those that one can ask for the history of. */
  actions: readonly Pick<Action, 'name' | 'title'>[];
  /**
   * Names the filters: Slack keeps what was chosen in them as long as it stays the same, so another one empties them.
   * Travels in private_metadata.
   */
  round: string;
}

/** What stands for no filter. */
const ALL = '*';

/** History with its filters. A row is one block here: between blocks a modal leaves so much room that two fall apart. */
export function historyModal(modal: HistoryModal): ModalView {
  const rows = historyLines(modal).map(({ what, who }) => Section({ text: `${what}\n${who}` }));
  return {
    type: 'modal',
    callback_id: IDS.modal.history,
    private_metadata: modal.round,
    title: { type: 'plain_text', text: 'History' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: built(filters(modal), Divider(), ...rows, ...below(modal)),
  };
}

function filters({ filter, actions, round }: HistoryModal) {
  const { about, namespace, by, outcome } = filter;
  const isNarrowed = Object.values(filter).some((value) => value !== undefined);
  const person = UserSelect({ actionId: IDS.history.by, placeholder: 'By anybody', initialUser: by });
  return Actions({ blockId: `block:history:${round}` }).elements(
    select(IDS.history.about, aboutChoices(actions, about), about),
    select(IDS.history.outcome, outcomeChoices(), outcome),
    namespaces(namespace),
    person,
    ...(isNarrowed ? [Button({ text: 'Clear filters', actionId: IDS.history.clear })] : []),
  );
}

function aboutChoices(actions: HistoryModal['actions'], about: string | undefined): Choice[] {
  const choices = [
    { value: ALL, text: 'Everything' },
    { value: 'changes' satisfies About, text: 'All changes' },
    ...actions.map(({ name, title }) => ({ value: name, text: title })),
    { value: 'incidents' satisfies About, text: 'Incidents' },
  ];
  // What is off by now has a history all the same.
  if (about === undefined || choices.some(({ value }) => value === about)) return choices;
  return [...choices, { value: about, text: about }];
}

function outcomeChoices(): Choice[] {
  const outcomes = Object.entries(OUTCOME_WORDS).map(([value, text]) => ({ value, text }));
  return [{ value: ALL, text: 'Any outcome' }, ...outcomes];
}

function select(actionId: string, choices: readonly Choice[], chosen = ALL) {
  const built = choices.map(builtOption);
  const initial = built[choices.findIndex(({ value }) => value === chosen)];
  const element = StaticSelect({ actionId, placeholder: choices[0]?.text ?? '-' }).options(...built);
  return initial ? element.initialOption(initial) : element;
}

function namespaces(namespace: string | undefined) {
  const wanted = namespace === undefined ? ALL_NAMESPACES : namespaceChoice(namespace);
  const chosen = isOffered(wanted) ? wanted : ALL_NAMESPACES;
  const element = ExternalSelect({
    actionId: IDS.history.namespace,
    minQueryLength: 0,
    placeholder: ALL_NAMESPACES.text,
  });
  return element.initialOption(builtOption(chosen));
}

function builtOption(choice: Choice) {
  const { text, value } = option(choice);
  return Option({ text: text.text, value });
}

/** What is chosen in the filters; takes anything, never throws. What stands for no filter is left out. */
export function readHistoryFilters(values: unknown): Record<string, unknown> {
  const elements = Object.assign({}, ...Object.values(record(values)).map(record));
  const chosen = (id: string) => {
    const value = record(record(elements[id]).selected_option).value;
    return value === ALL || value === ALL_NAMESPACES.value ? undefined : value;
  };
  const { about, namespace, by, outcome } = IDS.history;
  return {
    about: chosen(about),
    namespace: chosen(namespace),
    outcome: chosen(outcome),
    by: record(elements[by]).selected_user ?? undefined,
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
