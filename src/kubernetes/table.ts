import type { ChangeHandler } from './collection.ts';

/** Objects by UID, of which readers get pictures that never change under their hands. */
export interface Table<T> {
  change: ChangeHandler<T>;
  get(uid: string): T | undefined;
  /** As they are at the moment; not to be kept. */
  values(): Iterable<T>;
  /** Those with signs, kept apart so that nobody has to look through 10,000 for the three that have some. */
  withSigns(): readonly T[];
  /** As it is now; the same object until the next change. */
  picture(): ReadonlyMap<string, T>;
}

export interface TableOptions<T> {
  onChange: ChangeHandler<T>;
  hasSigns?: (item: T) => boolean;
}

export function createTable<T extends { uid: string }>({
  onChange,
  hasSigns = () => false,
}: TableOptions<T>): Table<T> {
  const current = new Map<string, T>();
  const signed = new Map<string, T>();
  let picture: ReadonlyMap<string, T> | undefined;
  return {
    change(before, after) {
      if (before !== undefined && before.uid !== after?.uid) {
        current.delete(before.uid);
        signed.delete(before.uid);
      }
      if (after !== undefined) {
        current.set(after.uid, after);
        if (hasSigns(after)) signed.set(after.uid, after);
        else signed.delete(after.uid);
      }
      picture = undefined;
      onChange(before, after);
    },
    get: (uid) => current.get(uid),
    values: () => current.values(),
    withSigns: () => [...signed.values()],
    picture() {
      picture ??= new Map(current);
      return picture;
    },
  };
}
