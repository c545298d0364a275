import type { Queues } from './queues.ts';

/** A surface is tried for about a day: Slack may be away for long, and work goes on meanwhile. */
const RETRIES = { attempts: 3_000, backoff: { type: 'slack' } } as const;

/** Shows of one request run one at a time; what comes while one runs is coalesced into a single further one. */
export async function showNow({ surfaces }: Pick<Queues, 'surfaces'>, request: string): Promise<void> {
  const deduplication = { id: request, keepLastIfActive: true };
  await surfaces.add('show', { kind: 'show', request }, { deduplication, ...RETRIES });
}
