import type { Action, ActionContext } from '../src/actions/action.ts';
import { requireAllowed } from '../src/actions/check-namespace.ts';
import { turnedOff } from '../src/actions/turned-off.ts';
import { NotAllowedError } from '../src/errors.ts';
import type { ExecuteOrder } from '../src/requests/order.ts';

/** Orders come out of Redis: an agent holds each to its own configuration, and to what the action would ever do. */

/** Why nothing may be begun: the action is off here, or a namespace is none that opsbot may touch. */
export function denialOf(
  { action, plan }: ExecuteOrder,
  { isOff, context }: { isOff: boolean; context: ActionContext },
): NotAllowedError | undefined {
  if (isOff) return turnedOff(action);
  try {
    for (const namespace of [plan.target.namespace, namespaceIn(plan.input)]) {
      if (namespace !== undefined) requireAllowed(context, namespace);
    }
    return undefined;
  } catch (error) {
    if (error instanceof NotAllowedError) return error;
    throw error;
  }
}

/** The namespace that was asked for; undefined where the action has yet to find it. */
export function namespaceIn(input: unknown): string | undefined {
  const { namespace, workload } = input as { namespace?: string; workload?: { namespace?: string } };
  return namespace ?? workload?.namespace;
}

/** A patch that no plan of the action has: somebody else has written the order. */
export class ForeignOrderError extends NotAllowedError {}

export function requireOwnPatch({ plan }: ExecuteOrder, { name, patch }: Action): void {
  if (patch?.safeParse(plan.patch).success) return;
  throw new ForeignOrderError(`This order changes something that ${name} never changes, so nothing was changed.`, {
    advice: 'Whoever runs opsbot has to look who else writes to its Redis.',
  });
}
