import type { App } from '@slack/bolt';
import { during, type Facts } from '../telemetry/work.ts';

type ReceiverEvent = Parameters<App['processEvent']>[0];

/** In a listener's context: whether Slack has had its answer. */
export interface AckContext {
  isAcked: () => boolean;
}

export interface Dispatcher {
  processEvent(event: ReceiverEvent): Promise<void>;
  /** Resolves when nothing is being worked on. */
  idle(): Promise<void>;
}

/**
 * Bolt acks an event before any listener has run; then a crash would lose the gesture. Here an event is acked when its
 * listeners are done, which is after whatever it asked for is durable. If they fail without the person having been told,
 * it is not acked, and Slack delivers it again. Other payloads are acked by their listener, at the latest when it ends.
 */
export function ackWhenDone(app: Pick<App, 'processEvent'>): Dispatcher {
  const underWay = new Set<Promise<void>>();

  async function dispatch(event: ReceiverEvent, facts: Facts['gesture']): Promise<void> {
    const arrivedAt = performance.now();
    let acked = false;
    const ack = async (response?: unknown) => {
      if (acked) return;
      acked = true;
      await event.ack(response);
      facts.ackedAfter = performance.now() - arrivedAt;
    };
    const context: AckContext = { isAcked: () => acked };
    const isEvent = event.body.type === 'event_callback';
    await app.processEvent({
      ...event,
      ack: isEvent ? async () => {} : ack,
      customProperties: { ...event.customProperties, ...context },
    });
    await ack();
  }

  return {
    processEvent(event) {
      const facts = { kind: kindOf(event.body) };
      const work = during('gesture', facts, () => dispatch(event, facts)).finally(() => underWay.delete(work));
      underWay.add(work);
      return work;
    },
    async idle() {
      await Promise.allSettled(underWay);
    },
  };
}

/** Slack's own word for what arrived. */
function kindOf(body: ReceiverEvent['body']): string {
  if (body.type === 'event_callback') return String(body.event?.type);
  return body.command === undefined ? String(body.type) : 'command';
}
