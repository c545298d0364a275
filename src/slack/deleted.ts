import type { FrontDesk } from './front-desk.ts';

/** Somebody deleted a message. Where it was one that people vote on, it may have to come once more. */
export async function noteDeleted({ surfaces, outbox }: FrontDesk, channel: string, ts: string): Promise<void> {
  const shown = await surfaces.shownBy(channel, ts);
  if (!shown) return;
  await surfaces.delete(channel, ts);
  await outbox.show(shown.id);
}
