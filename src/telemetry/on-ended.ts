import { channelOf, type Told, type Work } from './work.ts';

/**
 * Calls back whenever such work has ended, with the seconds it took. Returns the way to stop it. The listener must not
 * throw: nobody could catch it.
 */
export function onEnded<W extends Work>(work: W, listener: (told: Told<W>, seconds: number) => void): () => void {
  const { start, asyncEnd } = channelOf(work);
  const begun = new WeakMap<object, number>();
  const onStart = (told: unknown) => {
    begun.set(told as object, performance.now());
  };
  const onEnd = (told: unknown) => {
    const at = begun.get(told as object);
    // It had begun before anybody listened.
    if (at !== undefined) listener(told as Told<W>, (performance.now() - at) / 1000);
  };
  start.subscribe(onStart);
  asyncEnd.subscribe(onEnd);
  return () => {
    start.unsubscribe(onStart);
    asyncEnd.unsubscribe(onEnd);
  };
}
