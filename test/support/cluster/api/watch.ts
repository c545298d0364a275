import type { ServerResponse } from 'node:http';
import { apiVersionOf } from '../resources.ts';
import type { Scheduler } from '../scheduler.ts';
import { StatusError, tooOldResourceVersion } from '../status-error.ts';
import type { Store, StoreEvent } from '../store.ts';
import type { FaultRequest, WatchFault } from './faults.ts';
import { matcherOf, parseVersion } from './list.ts';
import type { ResourceRequest } from './request-info.ts';
import type { Matcher } from './selectors.ts';
import { objectText } from './serialize.ts';
import type { Watches } from './watches.ts';

export interface WatchContext {
  store: Store;
  scheduler: Scheduler;
  /** ms between bookmarks where the client allows them. */
  bookmarkEvery: number;
  watches: Watches;
  watchFaults: { take(request: FaultRequest): WatchFault | undefined };
}

/** What the event is to somebody who sees only what matches. */
function seenAs({ type, object, previous }: StoreEvent, matches: Matcher): StoreEvent['type'] | undefined {
  const before = type !== 'ADDED' && previous !== undefined && matches(previous);
  const after = type !== 'DELETED' && matches(object);
  if (before && after) return 'MODIFIED';
  if (after) return 'ADDED';
  return before ? 'DELETED' : undefined;
}

/** What happened since that version; from version 0 on, everything that exists counts as added. */
function missed(store: Store, plural: string, version: number): StoreEvent[] {
  if (version > 0) return store.since(plural, version);
  const revision = store.revision();
  return store.list(plural).map((object) => ({ type: 'ADDED', revision, object, previous: undefined }));
}

const BEFORE_DEADLINE = 2_000;

/** Serves one watch until its time is over, the client leaves, or it is cut. */
export function serveWatch(
  { store, scheduler, bookmarkEvery, watches, watchFaults }: WatchContext,
  request: ResourceRequest,
  { url, user }: { url: URL; user: string },
  response: ServerResponse,
): void {
  const query = url.searchParams;
  const { resource } = request;
  const matches = matcherOf(request, query);
  const version = parseVersion(query.get('resourceVersion'));
  const problem = ({ body }: StatusError) => `{"type":"ERROR","object":${JSON.stringify(body)}}`;
  const stream = watches.add({ method: 'GET', path: `${url.pathname}${url.search}`, user }, response, {
    expired: () => problem(tooOldResourceVersion(version, store.revision())),
    faultFor: watchFaults.take,
  });
  // As on the real server, a watch from a version to come stays silent until that is reached.
  const isNews = (revision: number) => revision > version;
  const send = (event: StoreEvent) => {
    const type = isNews(event.revision) ? seenAs(event, matches) : undefined;
    if (type) stream.event(`{"type":"${type}","object":${objectText(event.object)}}`);
  };

  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
  try {
    for (const event of missed(store, resource.plural, version)) send(event);
  } catch (error) {
    // The real server has said 200 by then, too: what is too old comes as an event.
    if (!(error instanceof StatusError)) throw error;
    stream.end(problem(error));
    return;
  }

  const stops: (() => void)[] = [];
  const end = () => {
    for (const stop of stops.splice(0)) stop();
    stream.end();
  };
  const bookmark = () => {
    if (store.revision() < version) return;
    const metadata = { resourceVersion: String(store.revision()), creationTimestamp: null };
    const object = { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata };
    stream.line(JSON.stringify({ type: 'BOOKMARK', object }));
  };
  const bookmarkAgain = () => {
    bookmark();
    stops.push(scheduler.after(bookmarkEvery, bookmarkAgain));
  };

  stops.push(store.subscribe((plural, event) => plural === resource.plural && send(event)));
  const timeout = Number(query.get('timeoutSeconds') ?? 0) * 1000;
  if (timeout > 0) stops.push(scheduler.after(timeout, end));
  if (['true', '1'].includes(query.get('allowWatchBookmarks') ?? '')) {
    stops.push(scheduler.after(bookmarkEvery, bookmarkAgain));
    if (timeout > BEFORE_DEADLINE) stops.push(scheduler.after(timeout - BEFORE_DEADLINE, bookmark));
  }
  response.once('close', end);
}
