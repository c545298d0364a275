import { Counter, Histogram, type Registry } from 'prom-client';
import { onEnded } from './on-ended.ts';

/** Slack's types of payload that reach opsbot; whatever else may come is `other`. */
const KINDS: ReadonlySet<string> = new Set([
  'app_home_opened',
  'app_mention',
  'block_actions',
  'block_suggestion',
  'command',
  'message',
  'message_action',
  'reaction_added',
  'reaction_removed',
  'shortcut',
  'view_closed',
  'view_submission',
]);
/** Slack waits 3 s. */
const ACK_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3];

export function measureGestures(registry: Registry): () => void {
  const registers = [registry];
  const acks = new Histogram({
    name: 'opsbot_gesture_ack_seconds',
    help: 'Time until Slack had its answer to a gesture, by Slack’s type of the payload. Slack gives up after 3 s.',
    labelNames: ['kind'],
    buckets: ACK_BUCKETS,
    registers,
  });
  const gestures = new Counter({
    name: 'opsbot_gestures_total',
    help: 'Gestures, messages that are none of opsbot’s included. outcome: ok, refused (the person was told why), failed (the person was told that it could not be done, or Slack had no answer).',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  // A counter that begins with its first failure shows no increase.
  for (const kind of KINDS) gestures.inc({ kind, outcome: 'failed' }, 0);
  return onEnded('gesture', ({ kind: name, ackedAfter, outcome, error }) => {
    const kind = KINDS.has(name) ? name : 'other';
    gestures.inc({ kind, outcome: error === undefined ? (outcome ?? 'ok') : 'failed' });
    if (ackedAfter !== undefined) acks.observe({ kind }, ackedAfter / 1000);
  });
}
