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

/** NotFoundError, with names that are near, where there is no such namespace. */
export async function requireNamespace(context: ActionContext, namespace: string): Promise<void> {
  if (await exists(context, namespace)) return;
  const near = nearNames(context.snapshot.namespaces.filter(context.allowsNamespace), namespace, 3);
  throw new NotFoundError(`There is no namespace ${namespace}.`, {
    advice: near.length > 0 ? `Did you mean ${anyOf(near)}?` : 'Look at the list of namespaces in App Home.',
    field: 'namespace',
  });
}

async function exists(context: ActionContext, namespace: string): Promise<boolean> {
  try {
    return await context.cluster.namespaceExists(namespace, { signal: context.signal });
  } catch (error) {
    // With rights in single namespaces only, opsbot may not read the Namespace object itself.
    if (!(error instanceof NotAllowedError)) throw error;
    return context.snapshot.namespaces.includes(namespace);
  }
}
