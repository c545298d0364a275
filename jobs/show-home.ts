import { answering } from '../src/requests/answering.ts';
import { type Queues, SLACK_RETRIES } from './queues.ts';

/** One person's Home is published by one hub at a time; what changes meanwhile is one further publishing. UnavailableError. */
export async function showHome({ homes }: Pick<Queues, 'homes'>, user: string): Promise<void> {
  const deduplication = { id: user, keepLastIfActive: true };
  await answering(homes.add('publish', { user }, { deduplication, ...SLACK_RETRIES }));
}
