import type { Slices, SlicesEvent } from './wire.ts';

type Key = keyof Slices;

/** Remembers what one window was sent, and says what it has not been sent yet. */
export function createSliceDiff() {
  let sent: Map<Key, string> | undefined;

  return {
    /** Undefined where the window knows it all. */
    next(slices: Partial<Slices>): SlicesEvent | undefined {
      const before = sent;
      const now = new Map<Key, string>();
      const changed: [Key, unknown][] = [];
      for (const [key, slice] of Object.entries(slices) as [Key, unknown][]) {
        if (slice === undefined) continue;
        const text = JSON.stringify(slice);
        now.set(key, text);
        if (before?.get(key) !== text) changed.push([key, slice]);
      }
      sent = now;
      const gone = [...(before?.keys() ?? [])].filter((key) => !now.has(key));
      if (before && changed.length === 0 && gone.length === 0) return undefined;
      return { isWhole: before === undefined, set: Object.fromEntries(changed) as SlicesEvent['set'], gone };
    },
  };
}
