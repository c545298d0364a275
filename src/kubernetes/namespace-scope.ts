/** Which namespaces opsbot watches and may touch, out of `namespaces` in its configuration. */
export interface NamespaceScope {
  /** The namespaces by name, where no pattern makes it necessary to watch the whole cluster. */
  named: readonly string[] | undefined;
  includes(namespace: string): boolean;
}

/** Names and patterns (`prod-*`, `*`). Order and repetition do not matter. */
export function namespaceScope(patterns: readonly string[]): NamespaceScope {
  const unique = [...new Set(patterns)].sort();
  if (unique.includes('*')) return { named: undefined, includes: () => true };
  if (!unique.some((pattern) => pattern.includes('*'))) {
    return { named: unique, includes: (namespace) => unique.includes(namespace) };
  }
  const expressions = unique.map((pattern) => new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`));
  return { named: undefined, includes: (namespace) => expressions.some((each) => each.test(namespace)) };
}

function literal(text: string): string {
  return text.replace(/[^\w-]/g, '\\$&');
}
