import type { Origin } from '../src/telemetry/work.ts';
import { withOrigin } from './job-origin.ts';
import { type Queues, SLACK_RETRIES } from './queues.ts';

/**
 * Shows of one request run one at a time; what comes while one runs is coalesced into a single further one. `origin`:
 * where it comes from, if not from what is under way.
 */
export async function showNow({ surfaces }: Pick<Queues, 'surfaces'>, request: string, origin?: Origin): Promise<void> {
  // One that waits to be tried again makes way: what holds that up need not concern what has happened since.
  const deduplication = { id: request, keepLastIfActive: true, replace: true };
  const options = withOrigin({ deduplication, ...SLACK_RETRIES }, origin);
  await surfaces.add('show', { kind: 'show', request }, options);
}
