import type { Shortfall } from '../src/kubernetes/snapshot-reader.ts';
import { code, short } from './text.ts';

const NAMESPACES_NAMED = 5;

/** Why an action is off in a namespace, for want of rights; without one: everywhere. Undefined where it works. */
export function shortfallOf(
  shortfalls: readonly Shortfall[] | undefined,
  action: string,
  namespace: string | undefined,
): Shortfall | undefined {
  return shortfalls?.find(
    (one) =>
      one.action === action &&
      (one.namespaces === undefined || (namespace !== undefined && one.namespaces.includes(namespace))),
  );
}

/** `:no_entry: *“Scale a workload” is off in `prod`*: opsbot may not patch deployments there.` */
export function shortfallLine({ what, namespaces, why }: Shortfall): string {
  return `:no_entry: *${short(what, 500)}${places(namespaces)}*: ${short(why, 500)}.`;
}

/** The same for several; what has the same reason in the same place shares a line. */
export function shortfallLines(shortfalls: readonly Shortfall[]): string[] {
  const alike = Map.groupBy(shortfalls, ({ namespaces, why }) => JSON.stringify([namespaces, why]));
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const what = [first, ...others].map((one) => one.what).join('; ');
    return [shortfallLine({ ...first, what })];
  });
}

function places(namespaces: readonly string[] | undefined): string {
  if (namespaces === undefined) return '';
  const named = namespaces.slice(0, NAMESPACES_NAMED).map((namespace) => code(namespace, 65));
  const more = namespaces.length - named.length;
  return ` in ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** What an admin can do, once for all of them. */
export function shortfallAdvice(shortfalls: readonly Shortfall[]): string[] {
  return [...new Set(shortfalls.map(({ advice }) => short(advice, 700)))];
}
