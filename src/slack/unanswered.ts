import type { Dispatcher } from './ack-when-done.ts';

/** What came by one line and has had no ack yet. */
export interface Unanswered extends Pick<Dispatcher, 'processEvent'> {
  /** Resolves at a moment when nothing waits for its ack; what is done right then still comes before the next payload. */
  none(): Promise<void>;
  /** From now on acks are dropped: there is no way to send them any more. */
  dropAcks(): void;
}

/** Hands payloads on to the dispatcher and keeps count of their acks. */
export function createUnanswered(dispatcher: Pick<Dispatcher, 'processEvent'>): Unanswered {
  const waiting = new Set<Promise<void>>();
  let isDropping = false;
  return {
    async processEvent(event) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add(promise);
      const done = () => {
        waiting.delete(promise);
        resolve();
      };
      const ack: typeof event.ack = async (response) => {
        if (isDropping) return;
        await event.ack(response).finally(done);
      };
      try {
        await dispatcher.processEvent({ ...event, ack });
      } finally {
        done();
      }
    },
    async none() {
      while (waiting.size > 0) await Promise.all(waiting);
    },
    dropAcks() {
      isDropping = true;
    },
  };
}
