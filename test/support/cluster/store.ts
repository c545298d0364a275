import { isDeepStrictEqual } from 'node:util';
import { expiredContinue, tooOldResourceVersion } from './status-error.ts';
import type { KubeObject } from './types.ts';

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  revision: number;
  object: KubeObject;
  previous: KubeObject | undefined;
}

type Listener = (plural: string, event: StoreEvent) => void;

interface Shelf {
  objects: Map<string, KubeObject>;
  history: StoreEvent[];
  /** Events up to this revision are gone. */
  compactedAt: number;
  /** In key order; undefined since the last change. */
  sorted: readonly KubeObject[] | undefined;
}

/** What etcd is to the real one: objects by key, one revision counter, and what happened since. */
export type Store = ReturnType<typeof createStore>;

const HISTORY = 20_000;
const KEPT_LISTS = 64;

/** Everything that was stored at one moment. */
export interface Snapshot {
  revision: number;
  objects: { plural: string; objects: ReadonlyMap<string, KubeObject> }[];
}

export const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;
const keyOfObject = ({ metadata }: KubeObject) => keyOf(metadata.namespace, metadata.name);
const controllerOf = ({ metadata }: KubeObject) => metadata.ownerReferences?.find((owner) => owner.controller)?.uid;

const withVersion = (object: KubeObject, revision: number): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion: String(revision) },
});

export function createStore() {
  const shelves = new Map<string, Shelf>();
  const owned = new Map<string, Map<string, { plural: string; key: string }>>();
  const lists = new Map<string, readonly KubeObject[]>();
  const listeners = new Set<Listener>();
  let revision = 1;

  const shelf = (plural: string): Shelf => {
    const found = shelves.get(plural);
    if (found) return found;
    const made: Shelf = { objects: new Map(), history: [], compactedAt: 0, sorted: undefined };
    shelves.set(plural, made);
    return made;
  };

  const index = (plural: string, key: string, before: KubeObject | undefined, after: KubeObject | undefined) => {
    const [from, to] = [before && controllerOf(before), after && controllerOf(after)];
    if (from === to) return;
    const entry = `${plural}:${key}`;
    if (from !== undefined) owned.get(from)?.delete(entry);
    if (to !== undefined) owned.set(to, (owned.get(to) ?? new Map()).set(entry, { plural, key }));
  };

  const commit = (plural: string, event: StoreEvent): void => {
    const { objects, history } = shelf(plural);
    const key = keyOfObject(event.object);
    if (event.type === 'DELETED') objects.delete(key);
    else objects.set(key, event.object);
    shelf(plural).sorted = undefined;
    index(plural, key, event.previous, event.type === 'DELETED' ? undefined : event.object);
    history.push(event);
    if (history.length > HISTORY) shelf(plural).compactedAt = history.splice(0, HISTORY / 2).at(-1)?.revision ?? 0;
    for (const listener of [...listeners]) listener(plural, event);
  };

  const sorted = (plural: string): readonly KubeObject[] => {
    const found = shelf(plural);
    found.sorted ??= [...found.objects.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    return found.sorted;
  };

  return {
    revision: () => revision,

    get: (plural: string, namespace: string | undefined, name: string): KubeObject | undefined =>
      shelf(plural).objects.get(keyOf(namespace, name)),

    /** In key order. The array is never changed afterwards. */
    list: sorted,

    /** What the list was at that revision, for reading its next page. The 410 where that is no longer known. */
    listAt(plural: string, at: number): readonly KubeObject[] {
      const found = lists.get(`${plural}@${at}`);
      if (found === undefined) throw expiredContinue();
      return found;
    },

    /** Remembers the list of this moment so that its next pages can be read. */
    keepList(plural: string): void {
      lists.set(`${plural}@${revision}`, sorted(plural));
      const oldest = lists.size > KEPT_LISTS ? lists.keys().next().value : undefined;
      if (oldest !== undefined) lists.delete(oldest);
    },

    /** Objects whose controller has that uid. */
    ownedBy(uid: string, plural: string): KubeObject[] {
      const entries = [...(owned.get(uid)?.values() ?? [])].filter((entry) => entry.plural === plural);
      return entries.flatMap(({ key }) => shelf(plural).objects.get(key) ?? []);
    },

    put(plural: string, object: KubeObject): KubeObject {
      const previous = shelf(plural).objects.get(keyOfObject(object));
      // As etcd's client does: a write that changes nothing is no write.
      if (previous && isDeepStrictEqual(withVersion(object, 0), withVersion(previous, 0))) return previous;
      revision += 1;
      const stored = withVersion(object, revision);
      commit(plural, { type: previous ? 'MODIFIED' : 'ADDED', revision, object: stored, previous });
      return stored;
    },

    remove(plural: string, namespace: string | undefined, name: string): KubeObject | undefined {
      const previous = shelf(plural).objects.get(keyOf(namespace, name));
      if (previous === undefined) return undefined;
      revision += 1;
      const last = withVersion(previous, revision);
      commit(plural, { type: 'DELETED', revision, object: last, previous });
      return last;
    },

    /** Puts in many objects at once that nobody is told about: how a big cluster is made. */
    load(plural: string, objects: Iterable<KubeObject>): void {
      const found = shelf(plural);
      for (const object of objects) {
        revision += 1;
        const stored = withVersion(object, revision);
        found.objects.set(keyOfObject(stored), stored);
        index(plural, keyOfObject(stored), undefined, stored);
      }
      found.sorted = undefined;
      found.compactedAt = revision;
    },

    /** Events after that revision; throws the 410 where some of them are gone. */
    since(plural: string, after: number): StoreEvent[] {
      const { history, compactedAt } = shelf(plural);
      if (after < compactedAt) throw tooOldResourceVersion(after, compactedAt);
      return history.filter((event) => event.revision > after);
    },

    /** Forgets what happened until now, and the lists that were being paged through. */
    compact(): void {
      lists.clear();
      for (const found of shelves.values()) {
        found.history.length = 0;
        found.compactedAt = revision;
      }
    },

    snapshot: (): Snapshot => ({
      revision,
      objects: [...shelves].map(([plural, found]) => ({ plural, objects: new Map(found.objects) })),
    }),

    /** Goes back to what was, of which nobody is told; what happened before is forgotten. */
    restore(snapshot: Snapshot): void {
      revision = snapshot.revision;
      for (const collection of [shelves, owned, lists]) collection.clear();
      for (const { plural, objects } of snapshot.objects) {
        const found = shelf(plural);
        found.compactedAt = revision;
        for (const [key, object] of objects) {
          found.objects.set(key, object);
          index(plural, key, undefined, object);
        }
      }
    },

    subscribe(listener: Listener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
