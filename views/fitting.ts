import type { Action } from '../src/actions/action.ts';

/** True where an action can be done to something of that kind. One on pods fits a workload too: it takes a pod of it. */
export function fits({ fields }: Pick<Action, 'fields'>, kind: string): boolean {
  return fields.some((field) => {
    if (field.control === 'pod') return kind !== 'Node';
    return field.control === 'workload' && (field.kinds as readonly string[]).includes(kind);
  });
}
