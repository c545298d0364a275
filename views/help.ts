import { Section } from 'slack-block-builder';
import type { Action } from '../src/actions/action.ts';
import type { Shortfall } from '../src/kubernetes/snapshot-reader.ts';
import { built, type Message } from './blocks.ts';
import { packed } from './pack.ts';
import { shortfallAdvice, shortfallLine } from './shortfall.ts';
import { code, short } from './text.ts';

const COMMON = [
  ['pending', 'requests that are not over yet'],
  ['history', 'what was asked and decided, and how it ended, newest first'],
  ['history failed -n prod --since 7d', 'only some of it: also by action, by workload, `--by` somebody'],
  ['approve r-abc', 'approve a request; in its thread, `approve` or `confirm` is enough'],
  ['reject r-abc too late today', 'reject it, and say why'],
  ['cancel r-abc', 'take your own request back'],
] as const;

export interface Help {
  actions: readonly Action[];
  topic?: string | undefined;
  /** What opsbot cannot do just now. */
  shortfalls?: readonly Shortfall[] | undefined;
}

/** How opsbot is used; of one action where `topic` names it (an unknown topic shows everything). */
export function helpMessage({ actions, topic, shortfalls = [] }: Help): Message {
  const asked = topic?.trim().toLowerCase();
  const action = actions.find(({ name }) => name === asked);
  return action ? actionHelp(action, shortfallsOf(action, shortfalls)) : generalHelp(actions, shortfalls);
}

function shortfallsOf({ name }: Action, shortfalls: readonly Shortfall[]): Shortfall[] {
  return shortfalls.filter(({ action }) => action === name);
}

function actionHelp({ name, title, description, effect, examples }: Action, off: readonly Shortfall[]): Message {
  const rule = effect === 'change' ? 'You see the exact change first, and nothing happens before it is approved.' : '';
  const lines = examples.map(({ line, says }) => `• ${code(line, 200)}  ${short(says, 200)}`);
  return {
    text: `How to use ${short(name, 100)}`,
    blocks: built(
      Section({ text: [`*${short(title, 100)}*`, short(description, 500), rule].filter(Boolean).join('\n') }),
      ...packed([...off.map(shortfallLine), ...shortfallAdvice(off)]),
      ...packed(lines),
    ),
  };
}

function generalHelp(actions: readonly Action[], shortfalls: readonly Shortfall[]): Message {
  const own = actions.map((action) => {
    const line = action.examples[0]?.line ?? action.name;
    const off = shortfallsOf(action, shortfalls).map((one) => `\n      ${shortfallLine(one)}`);
    return `• ${code(line, 200)}  ${short(action.description, 200)}${off.join('')}`;
  });
  const about = actions.slice(0, 1).map(({ name }) => [`help ${name}`, 'more about one command'] as const);
  const common = [...COMMON, ...about].map(([line, says]) => `• ${code(line)}  ${says}`);
  const lead = 'Mention me, write to me, or use `/opsbot`. Reading runs at once; a change waits for approval.';
  return {
    text: 'What opsbot can do',
    blocks: built(Section({ text: lead }), ...packed(own, 8000), ...packed(common)),
  };
}
