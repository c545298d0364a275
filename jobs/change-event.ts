import type { Action } from '../src/actions/action.ts';
import { cutText } from '../src/incidents/clean-text.ts';
import { WORKLOAD_KINDS, type WorkloadEvent, type WorkloadKind } from '../src/kubernetes/cluster.ts';
import { type Credit, creditSchema } from '../src/requests/credit.ts';
import type { ExecuteOrder } from '../src/requests/order.ts';

/** Of an Event, by the API's word; the message in bytes. */
const LONGEST = { name: 253, message: 1024 } as const;
const APPROVERS_NAMED = 5;

export interface EventSource {
  /** Of this agent: its pod. */
  instance: string;
  mask(text: string): string;
  now(): number;
}

/**
 * The Event that tells whoever looks at the workload with kubectl who changed it; undefined where the order is about no
 * workload. It has one name however often the order is delivered, so that a second one is refused.
 */
export function changeEvent(
  order: ExecuteOrder,
  { event }: Pick<Action, 'event'>,
  { instance, mask, now }: EventSource,
): WorkloadEvent | undefined {
  const { kind, namespace, name, uid } = order.plan.target;
  if (!event || uid === undefined || !isWorkloadKind(kind)) return undefined;
  return {
    name: eventName(name, order),
    workload: { kind, namespace, name, uid },
    reason: event.reason,
    message: fitting(mask(`${event.words(order.plan)} by opsbot: ${creditWords(order)}`)),
    instance,
    at: now(),
  };
}

function isWorkloadKind(kind: string): kind is WorkloadKind {
  return (WORKLOAD_KINDS as readonly string[]).includes(kind);
}

/** `nginx.r-k7m2q-1` */
function eventName(workload: string, { request, revision }: ExecuteOrder): string {
  const end = `.${request}-${revision}`;
  return `${workload.slice(0, LONGEST.name - end.length).replace(/[-.]+$/, '')}${end}`;
}

/** `asked by alice, approved by bob (r-k7m2q). Reason: launch at noon` */
function creditWords({ request, credit }: ExecuteOrder): string {
  const known = creditSchema.safeParse(credit);
  if (!known.success) return `request ${request}`;
  const { requester, reason } = known.data;
  const asked = `asked by ${requester}${approvalWords(known.data)} (${request})`;
  return reason ? `${asked}. Reason: ${reason}` : asked;
}

function approvalWords({ requester, approvers }: Credit): string {
  if (approvers.length === 0) return '';
  if (approvers.every((name) => name === requester)) return ', who confirmed it';
  const named = approvers.slice(0, APPROVERS_NAMED).join(', ');
  const more = approvers.length - APPROVERS_NAMED;
  return `, approved by ${named}${more > 0 ? ` and ${more} more` : ''}`;
}

/** On one line, of as many characters as may be. */
function fitting(words: string): string {
  const line = words.replace(/\s+/g, ' ').trim();
  let message = line;
  for (let length = LONGEST.message; Buffer.byteLength(message) > LONGEST.message; length -= 16) {
    message = cutText(line, length);
  }
  return message;
}
