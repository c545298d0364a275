import { NotAllowedError, NotFoundError } from '../errors.ts';
import { nearNames } from '../kubernetes/search-snapshot.ts';
import type { ActionContext } from './action.ts';
import { anyOf } from './workload-words.ts';

/** NotAllowedError for a namespace that the configuration leaves out. */
export function requireAllowed(context: ActionContext, namespace: string): void {
  if (context.allowsNamespace(namespace)) return;
  throw new NotAllowedError(`opsbot is not set up for the namespace ${namespace}.`, {
    advice: 'Its configuration lists the namespaces that it may touch, under “namespaces”.',
    field: 'namespace',
  });
}

/**
 * NotFoundError, with names that are near, for a namespace that the picture does not have. Those that the configuration
 * names it has, there or not.
 */
export function requireNamespace(context: ActionContext, namespace: string): void {
  const { namespaces } = context.snapshot;
  if (namespaces.includes(namespace)) return;
  const near = nearNames(namespaces.filter(context.allowsNamespace), namespace, 3);
  throw new NotFoundError(`There is no namespace ${namespace} that opsbot can see.`, {
    advice: near.length > 0 ? `Did you mean ${anyOf(near)}?` : 'Look at the list of namespaces in App Home.',
    field: 'namespace',
  });
}
