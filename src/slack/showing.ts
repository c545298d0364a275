import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Request } from '../requests/request.ts';
import type { RequestSurface, Surfaces } from '../requests/requests.ts';
import type { Subject } from './post-once.ts';

/** One request while its surfaces are brought up to date. `surface` is what is stored; `save` changes both. */
export interface Showing {
  request: Request;
  subject: Subject;
  readonly surface: RequestSurface;
  save(change: Partial<RequestSurface>): Promise<void>;
  surfaces: Surfaces;
  readonly headline: string;
  /** Where undo would be offered. */
  readonly undoable: boolean;
  /** Name the cluster: it is not the one that this process serves. */
  clusterShown: boolean;
  /** The outbox's own client. */
  slack: WebClient;
  log: Logger;
  now: () => number;
}

export function subjectOf({ id, createdAt }: Request): Subject {
  return { type: 'request', id, since: createdAt };
}

export function freshSurface({ origin }: Request): RequestSurface {
  const { channel, thread } = origin;
  return { channel, thread, cards: [], told: 0, gone: undefined, answered: false, fileId: undefined };
}
