/** Objects by UID, of which readers get pictures that never change under their hands. */
export interface Table<T> {
  change(before: T | undefined, after: T | undefined): void;
  get(uid: string): T | undefined;
  /** As it is now; the same object until the next change. */
  picture(): ReadonlyMap<string, T>;
}

export function createTable<T extends { uid: string }>(onChange: () => void): Table<T> {
  const current = new Map<string, T>();
  let picture: ReadonlyMap<string, T> | undefined;
  return {
    change(before, after) {
      if (before !== undefined && before.uid !== after?.uid) current.delete(before.uid);
      if (after !== undefined) current.set(after.uid, after);
      picture = undefined;
      onChange();
    },
    get: (uid) => current.get(uid),
    picture() {
      picture ??= new Map(current);
      return picture;
    },
  };
}
