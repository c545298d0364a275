import type { Action } from './action.ts';
import { PACE, type Pace } from './follow-rollout.ts';
import { createLogs } from './logs.ts';
import { createPods } from './pods.ts';
import { createRestart } from './restart.ts';
import { createScale } from './scale.ts';

/** Everything that opsbot can do, in the order in which help lists it. A new action is one line here. */
export function createActions(pace: Pace = PACE): readonly Action[] {
  return [createScale(pace), createRestart(pace), createLogs(), createPods()];
}

export const actions: readonly Action[] = createActions();

/** Those that the configuration names, in the registry's order; all where it says nothing. */
export function enabledActions(names: readonly string[] | undefined): readonly Action[] {
  return names === undefined ? actions : actions.filter(({ name }) => names.includes(name));
}

export function findAction(name: string, among: readonly Action[] = actions): Action | undefined {
  return among.find((action) => action.name === name);
}
