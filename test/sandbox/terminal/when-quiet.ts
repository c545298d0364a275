import type { EventEmitter } from 'node:events';

export interface Quiet {
  /** ms without a change that count as quiet. */
  quietMs: number;
  /** ms after which it is waited no longer. */
  longestMs: number;
}

/** Resolves once nothing that people can see has changed for a while. */
export function whenQuiet(events: EventEmitter, { quietMs, longestMs }: Quiet): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(quiet);
      clearTimeout(longest);
      events.off('change', again);
      resolve();
    };
    const quiet = setTimeout(end, quietMs);
    const longest = setTimeout(end, longestMs);
    const again = () => void quiet.refresh();
    events.on('change', again);
  });
}
