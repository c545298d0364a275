import type { Json } from '../types.ts';

/** Slack gives an app this long for an ack, in ms. */
export const ACK_MS = 3000;

export interface Envelope {
  kind: 'events_api' | 'interactive' | 'slash_commands';
  payload: Json;
  acceptsResponse: boolean;
  retry?: { num: number; reason: string };
}

/** What became of an envelope; the error is the word that the person would see. */
export type Delivered =
  | { acked: true; payload: unknown; ms: number }
  | {
      acked: false;
      error: 'operation_timeout' | 'dispatch_failed';
      retryReason: string;
      noRetry?: boolean;
      ms: number;
    };

export interface Delivery {
  deliver(envelope: Envelope): Promise<Delivered>;
  close(): Promise<void>;
}
