import type { ModalValues } from '../../views/modal.ts';
import type { Action, Field } from '../actions/action.ts';
import { InputError, NotFoundError, UnavailableError } from '../errors.ts';
import type { ClusterSnapshot } from '../kubernetes/snapshot-reader.ts';
import { findChosen } from './find-chosen.ts';

/**
 * What was entered in a modal → the action's raw input: selects carry UIDs, actions take names. Errors name their field:
 * NotFoundError where the chosen one is gone, InputError where the namespace beside it is another one.
 */
export function inputOf(
  action: Pick<Action, 'fields'>,
  values: Pick<ModalValues, 'input'>,
  snapshot: ClusterSnapshot | undefined,
): Record<string, unknown> {
  const input = { ...values.input };
  for (const field of action.fields) {
    if (field.control !== 'workload' && field.control !== 'pod') continue;
    if (input[field.name] === undefined) continue;
    Object.assign(input, named(field, input, snapshot));
  }
  return input;
}

function named(
  field: Extract<Field, { control: 'workload' | 'pod' }>,
  input: Record<string, unknown>,
  snapshot: ClusterSnapshot | undefined,
): Record<string, unknown> {
  if (!snapshot) {
    throw new UnavailableError('opsbot has no picture of the cluster just now.', {
      advice: 'Try again in a minute.',
      field: field.name,
    });
  }
  const chosen = findChosen(snapshot, { [field.control]: input[field.name] })[field.control];
  if (!chosen) {
    throw new NotFoundError(`This ${field.control} does not exist any more.`, {
      advice: 'Choose another one.',
      field: field.name,
    });
  }
  const { namespace, name } = chosen;
  if (input.namespace !== undefined && input.namespace !== namespace) {
    throw new InputError(`${name} is in ${namespace}, not in ${String(input.namespace)}.`, {
      advice: `Choose another ${field.control}, or clear the namespace.`,
      field: field.name,
    });
  }
  return 'kind' in chosen
    ? { [field.name]: { kind: chosen.kind, namespace, name } }
    : { [field.name]: name, namespace };
}
