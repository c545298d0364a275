import type { Action, Plan } from '../src/actions/action.ts';
import type { Request } from '../src/requests/request.ts';

/** What a headline is made of. */
export type Headlined = Pick<Request, 'action' | 'input'> & {
  plan?: Pick<Plan, 'input' | 'target' | 'diff'> | undefined;
};

/** Gives a request its headline in the words of its action, plain text. Never throws: a view must always render. */
export function headlines(actions: readonly Action[]): (request: Headlined) => string {
  const byName = new Map(actions.map((action) => [action.name, action]));
  return (request) => {
    const action = byName.get(request.action);
    if (!action) return plainHeadline(request);
    try {
      return request.plan ? action.headline(request.plan) : action.describe(request.input);
    } catch {
      return plainHeadline(request);
    }
  };
}

function plainHeadline(request: Headlined): string {
  const verb = request.action.charAt(0).toUpperCase() + request.action.slice(1);
  const target = request.plan?.target;
  if (!target) return verb;
  return target.name ? `${verb} ${target.kind} ${target.name} in ${target.namespace}` : `${verb} ${target.namespace}`;
}
