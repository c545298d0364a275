import type { Panel } from './panel.ts';

/** Resolves with what the panel shows, once it shows it. */
export function shown<T>(panel: Pick<Panel, 'onChange'>, look: () => T | undefined): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<T>();
  const lookAgain = () => {
    const found = look();
    if (found !== undefined) resolve(found);
  };
  const stop = panel.onChange(lookAgain);
  lookAgain();
  return promise.finally(stop);
}
