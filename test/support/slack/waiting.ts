import type { Journal } from './journal.ts';

export interface WaitOptions {
  /** Real ms; default 10,000: a busy machine may take long, what is broken never comes. */
  timeoutMs?: number;
  /** Said when it was in vain. */
  what?: string | (() => string);
}

/** Looks now and after every change, until there is something; no polling. Rejects after the timeout (real time). */
export function waitFor<T>(
  journal: Journal,
  look: () => T | undefined | null | false,
  options: WaitOptions = {},
): Promise<T> {
  const { timeoutMs = 10_000, what = 'something' } = options;
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      journal.emitter.off('change', again);
    };
    const again = () => {
      try {
        const found = look();
        if (found === undefined || found === null || found === false) return;
        stop();
        resolve(found);
      } catch (error) {
        stop();
        reject(error as Error);
      }
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`waited ${timeoutMs} ms in vain for ${typeof what === 'string' ? what : what()}`));
    }, timeoutMs);
    journal.emitter.on('change', again);
    again();
  });
}
