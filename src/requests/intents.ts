import type { Event, Request } from './request.ts';

/**
 * An intent says what must happen outside now that a request has changed. It is stored in the same script as the
 * change and becomes a job right after; a sweep catches what a crash left over. Delivery is at least once: whoever
 * handles it looks at the request as it is then.
 */
export const INTENT_KINDS = ['plan', 'show', 'expire', 'release', 'execute'] as const;
export type IntentKind = (typeof INTENT_KINDS)[number];

export interface Intent {
  /** `<request>-<version>-<kind>`, also the job's id. */
  id: string;
  kind: IntentKind;
  request: string;
  cluster: string;
  /** ms since the epoch before which it need not happen. */
  notBefore: number;
  /** ms since the epoch when it was stored. */
  at: number;
}

/** `version`: the request's, after the change that called for it. */
export function intentId(request: string, version: number, kind: IntentKind): string {
  return `${request}-${version}-${kind}`;
}

/** A request that is planned quickly shows itself with its plan; one that waits longer says that it does. In ms. */
export const SHOW_RECEIVED_AFTER_MS = 2_000;

function kindsOf(request: Request, event: Event): IntentKind[] {
  switch (event.type) {
    case 'asked':
    case 'replanning':
      return ['plan', 'show', 'expire'];
    case 'released':
    case 'resumed':
      return ['execute', 'show'];
    case 'decided':
    case 'voted':
    case 'withdrawn':
    case 'reopened':
      return request.state === 'approved' ? ['release', 'show'] : ['show', 'expire'];
    default:
      return ['show'];
  }
}

function notBefore(kind: IntentKind, event: Event, request: Request, now: number): number {
  if (kind === 'expire') return request.expiresAt ?? now;
  if (kind === 'show' && event.type === 'asked') return now + SHOW_RECEIVED_AFTER_MS;
  return now;
}

/** What has to happen after these events, one intent of a kind. `request` is as it is after the last of them. */
export function intentsOf(request: Request, events: readonly Event[], now: number): Intent[] {
  const kinds = new Map<IntentKind, Event>();
  for (const event of events) for (const kind of kindsOf(request, event)) kinds.set(kind, event);
  if (request.expiresAt === undefined) kinds.delete('expire');
  return [...kinds].map(([kind, event]) => ({
    id: intentId(request.id, request.version, kind),
    kind,
    request: request.id,
    cluster: request.cluster,
    notBefore: notBefore(kind, event, request, now),
    at: now,
  }));
}
