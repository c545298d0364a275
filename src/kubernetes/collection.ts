import { isDeepStrictEqual } from 'node:util';
import type { Logger } from './logger.ts';
import type { RawObject } from './raw.ts';

/** What is kept of an object. Its values are compared, so an update that shows nothing new is no change. */
export interface Projected {
  uid: string;
}

/** Appeared: no `before`. Gone: no `after`. Recreated under the same name: gone, then appeared. */
export type ChangeHandler<T> = (before: T | undefined, after: T | undefined) => void;

export interface Collection {
  /** It exists, as `raw` says. */
  put(raw: unknown): void;
  /** It is gone; a successor of the same name stays. */
  remove(raw: unknown): void;
  /** A complete list begins: tell it every item, then that it was all. What was not named has vanished. */
  relist(): { put(raw: unknown): void; finish(): void };
}

/**
 * The projections of one resource collection, by namespace and name. A projection that is undefined is not kept, one
 * that throws leaves things as they are, a handler that throws is logged.
 */
export function createCollection<T extends Projected>({
  project,
  onChange,
  logger,
}: {
  project(raw: unknown): T | undefined;
  onChange: ChangeHandler<T>;
  logger: Logger;
}): Collection {
  const items = new Map<string, T>();

  const tell: ChangeHandler<T> = (before, after) => {
    try {
      onChange(before, after);
    } catch (err) {
      logger.error({ err }, 'a handler of cluster changes failed');
    }
  };
  const drop = (key: string) => {
    const before = items.get(key);
    if (before !== undefined && items.delete(key)) tell(before, undefined);
  };
  const put = (raw: unknown): string => {
    const key = keyOf(raw);
    const after = attempt(() => project(raw), logger);
    if (after === 'failed') return key;
    let before = items.get(key);
    if (before !== undefined && before.uid !== after?.uid) {
      drop(key);
      before = undefined;
    }
    if (after === undefined || isDeepStrictEqual(before, after)) return key;
    items.set(key, after);
    tell(before, after);
    return key;
  };

  return {
    put,
    remove(raw) {
      const key = keyOf(raw);
      if (items.get(key)?.uid === (raw as RawObject).metadata?.uid) drop(key);
    },
    relist() {
      const seen = new Set<string>();
      return {
        put: (raw) => seen.add(put(raw)),
        finish() {
          for (const key of [...items.keys()]) if (!seen.has(key)) drop(key);
        },
      };
    },
  };
}

function keyOf(raw: unknown): string {
  const { namespace = '', name = '' } = (raw as RawObject | null)?.metadata ?? {};
  return `${namespace}/${name}`;
}

function attempt<T>(run: () => T, logger: Logger): T | 'failed' {
  try {
    return run();
  } catch (err) {
    logger.error({ err }, 'an object of the cluster could not be read');
    return 'failed';
  }
}
