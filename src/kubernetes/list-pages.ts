import { GoneError } from './api-error.ts';
import type { ResourceTarget } from './resources.ts';
import type { Rest } from './rest.ts';

export interface Page {
  items: unknown[];
  /** Of the list as a whole: a watch may go on from there. */
  resourceVersion: string;
}

export interface ListOptions extends ResourceTarget {
  pageSize: number;
  query?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
}

interface RawList {
  items?: unknown[] | null;
  metadata?: { resourceVersion?: string; continue?: string };
}

/** Page by page, so that only one page is in memory. GoneError where the list grew too old between two pages. */
export async function* listPages(
  rest: Rest,
  { pageSize, query, signal, ...target }: ListOptions,
): AsyncGenerator<Page> {
  let token: string | undefined;
  do {
    const list: RawList = await rest.json({
      ...target,
      verb: 'list',
      query: { ...query, limit: pageSize, continue: token },
      signal,
    });
    token = list.metadata?.continue || undefined;
    yield { items: list.items ?? [], resourceVersion: list.metadata?.resourceVersion ?? '' };
  } while (token !== undefined);
}

/** All items, each projected as its page comes. A list that grew too old is begun again once. */
export async function listAll<T>(rest: Rest, options: ListOptions, project: (item: unknown) => T): Promise<T[]> {
  const collect = async () => {
    const all: T[] = [];
    for await (const page of listPages(rest, options)) for (const item of page.items) all.push(project(item));
    return all;
  };
  return collect().catch((error: unknown) => {
    if (error instanceof GoneError) return collect();
    throw error;
  });
}
