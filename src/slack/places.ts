import { RateLimited } from '../requests/requests.ts';

/** ms after which it is worth coming again. */
const COME_AGAIN_MS = 500;

/**
 * So many tasks of the same key run at once: who calls beyond that gets RateLimited instead of waiting, so that what is
 * slow under one key takes up no more.
 */
export function createPlaces(most: number) {
  const taken = new Map<string, number>();
  const take = (key: string, by: number) => {
    const now = (taken.get(key) ?? 0) + by;
    if (now === 0) taken.delete(key);
    else taken.set(key, now);
  };
  return async <T>(key: string, task: () => Promise<T>): Promise<T> => {
    if ((taken.get(key) ?? 0) >= most) throw new RateLimited(COME_AGAIN_MS);
    take(key, 1);
    return task().finally(() => take(key, -1));
  };
}
