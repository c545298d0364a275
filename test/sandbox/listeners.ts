/** Whoever wants to know when something has changed. */
export interface Listeners {
  /** Returns the way to stop it. */
  add(listener: () => void): () => void;
  tell(): void;
}

export function createListeners(): Listeners {
  const all = new Set<() => void>();
  return {
    add(listener) {
      all.add(listener);
      return () => void all.delete(listener);
    },
    tell() {
      for (const listener of [...all]) listener();
    },
  };
}
