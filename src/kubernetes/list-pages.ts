import { GoneError } from './api-error.ts';
import { readJsonList } from './json-list.ts';
import type { ResourceTarget } from './resources.ts';
import type { Rest } from './rest.ts';

export interface ListOptions extends ResourceTarget {
  pageSize: number;
  query?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
}

interface RawList {
  metadata?: { resourceVersion?: string; continue?: string };
}

/**
 * Hands over every item, page by page and one at a time, so that none needs to be kept. Returns the resourceVersion from
 * which a watch may go on. GoneError where the list grew too old between two pages.
 */
export async function listEach(
  rest: Rest,
  { pageSize, query, signal, ...target }: ListOptions,
  onItem: (item: unknown) => void,
): Promise<string> {
  let version = '';
  let token: string | undefined;
  do {
    const list = await rest.bytes(
      { ...target, verb: 'list', query: { ...query, limit: pageSize, continue: token }, signal },
      async (body) => (await readJsonList(body, onItem)) as RawList,
    );
    version = list.metadata?.resourceVersion ?? '';
    token = list.metadata?.continue || undefined;
  } while (token !== undefined);
  return version;
}

/** All items, projected. A list that grew too old is begun again once. */
export async function listAll<T>(rest: Rest, options: ListOptions, project: (item: unknown) => T): Promise<T[]> {
  const collect = async () => {
    const all: T[] = [];
    await listEach(rest, options, (item) => all.push(project(item)));
    return all;
  };
  return collect().catch((error: unknown) => {
    if (error instanceof GoneError) return collect();
    throw error;
  });
}
