import type { OwnerRef } from './cluster.ts';

/** Gives equal values one and the same object, so that 10,000 pods on 100 nodes hold 100 node names. */
export interface Interner {
  text(value: string): string;
  texts(values: string[]): string[];
  owner(value: OwnerRef): OwnerRef;
  labels(value: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
}

/** What is shared is also kept; once there is more than this, sharing begins anew. */
const MAX_ENTRIES = 20_000;

export function createInterner(): Interner {
  const known = new Map<string, unknown>();
  const share = <T>(key: string, value: T): T => {
    const existing = known.get(key);
    if (existing !== undefined) return existing as T;
    if (known.size >= MAX_ENTRIES) known.clear();
    known.set(key, value);
    return value;
  };
  return {
    text: (value) => share(`text ${value}`, value),
    texts: (values) => share(`texts ${values.join(' ')}`, values),
    owner: (value) => share(`owner ${value.kind} ${value.uid}`, value),
    labels: (value) => share(`labels ${JSON.stringify(value)}`, value),
  };
}
