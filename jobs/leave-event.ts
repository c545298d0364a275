import type { Action } from '../src/actions/action.ts';
import { ConflictError, NotAllowedError } from '../src/errors.ts';
import type { Cluster } from '../src/kubernetes/cluster.ts';
import type { ExecuteOrder } from '../src/requests/order.ts';
import { changeEvent, type EventSource } from './change-event.ts';

/** Leaves word of a change that is in the cluster, on what was changed. Never rejects: the change does not depend on it. */
export type LeaveEvent = (order: ExecuteOrder, action: Action, signal: AbortSignal) => Promise<void>;

export function createLeaveEvent(
  deps: EventSource & {
    cluster: Pick<Cluster, 'createEvent'>;
    suspect(): void;
    logger: { warn(fields: object, message: string): void };
  },
): LeaveEvent {
  const { cluster, suspect, logger } = deps;
  /** Told once, until it works again: each change would say the same. */
  let told: string | undefined;

  function tell(err: unknown, { request }: ExecuteOrder): void {
    const message = err instanceof Error ? err.message : String(err);
    if (message === told) return;
    told = message;
    logger.warn({ err, request }, 'no Event was left on what was changed');
    if (err instanceof NotAllowedError) suspect();
  }

  return async (order, action, signal) => {
    try {
      const event = changeEvent(order, action, deps);
      if (event) await cluster.createEvent(event, { signal });
      told = undefined;
    } catch (error) {
      // The order was delivered before: it is there.
      if (error instanceof ConflictError || signal.aborted) return;
      tell(error, order);
    }
  };
}
