import type { Dispatcher } from './ack-when-done.ts';

/** One way by which Slack's payloads come in. */
export interface Line {
  init(dispatcher: Dispatcher): void;
  start(): Promise<unknown>;
  /**
   * Has what has arrived acked, asks Slack to send nothing more, and resolves once nothing more can come. Whoever works
   * on what has come is not waited for.
   */
  leave(): Promise<void>;
  isOpen(): boolean;
  /** Where it listens, if it does. */
  port(): number | undefined;
}
