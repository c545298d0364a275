import type { AnyMiddlewareArgs } from '@slack/bolt';

/** Who did something and where it can be answered. */
export interface Place {
  user: string;
  /** Absent: only the person is known (Home, a modal, a global shortcut). */
  channel?: string | undefined;
  thread?: string | undefined;
}

type Body = AnyMiddlewareArgs['body'];

/** A channel id that begins with D is a conversation of two. */
export function isDirect(channel: string): boolean {
  return channel.startsWith('D');
}

/** The place of any payload from Slack; undefined for what no person did. */
export function placeOf(body: Body): Place | undefined {
  const b = body as unknown as Payload;
  if (b.event) return eventPlace(b.event);
  const user = b.user?.id ?? b.user_id;
  if (!user) return undefined;
  return { user, channel: b.channel?.id ?? b.container?.channel_id ?? b.channel_id, thread: threadOf(b.message) };
}

/** The message that begins a thread stands in the channel: whoever clicks there looks there. */
function threadOf(message: Payload['message']): string | undefined {
  return message?.thread_ts === message?.ts ? undefined : message?.thread_ts;
}

function eventPlace(event: NonNullable<Payload['event']>): Place | undefined {
  if (!event.user) return undefined;
  const channel = event.channel ?? event.item?.channel;
  const inDirect = channel !== undefined && isDirect(channel);
  // In a conversation of two answers stay with the line they answer; a mention is answered where the person looks.
  return { user: event.user, channel, thread: event.thread_ts ?? (inDirect ? event.ts : undefined) };
}

interface Payload {
  event?: {
    user?: string;
    channel?: string;
    ts?: string;
    thread_ts?: string;
    item?: { channel?: string };
  };
  user?: { id: string };
  user_id?: string;
  channel?: { id: string } | null;
  channel_id?: string;
  container?: { channel_id?: string };
  message?: { ts?: string; thread_ts?: string };
}
