import { type Queues, SLACK_RETRIES } from './queues.ts';

/** Shows of one request run one at a time; what comes while one runs is coalesced into a single further one. */
export async function showNow({ surfaces }: Pick<Queues, 'surfaces'>, request: string): Promise<void> {
  const deduplication = { id: request, keepLastIfActive: true };
  await surfaces.add('show', { kind: 'show', request }, { deduplication, ...SLACK_RETRIES });
}
