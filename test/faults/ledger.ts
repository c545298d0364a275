import type { JournalEntry } from '../support/slack/journal.ts';
import type { Gesture } from '../support/slack/people/self.ts';

/** What a person did, and what Slack made of it. */
export interface Deed {
  story: string;
  /** Id of the person. */
  user: string;
  does: 'ask' | 'approve' | 'reject' | 'cancel' | 'take back';
  by: string;
  /** In a request's reason: names this attempt to ask. */
  tag?: string;
  /** Whether it asks for a read, which carries no reason. */
  reads?: boolean;
  /** What it is about, where that is there already. */
  request?: string;
  revision?: number;
  /** ms since the epoch, by Slack's clock: when it began, and when its answer was there. */
  from: number;
  until: number;
  /** Of an event, whether any of its deliveries was. */
  acked: boolean;
  /** What they were told in reply, in the ack itself. */
  answer?: string | undefined;
  /** Of a message or a reaction: finds its deliveries in Slack's journal. */
  event?: EventName;
}

export interface EventName {
  type: 'app_mention' | 'message' | 'reaction_added' | 'reaction_removed';
  /** Of the message that was said, or reacted to. */
  channel: string;
  ts: string;
  user: string;
  /** The thread that it was said in, where it was in one. */
  thread?: string | undefined;
}

export interface Ledger {
  deeds: Deed[];
  /** Notes a gesture that waits for its ack. */
  note(deed: Omit<Deed, 'from' | 'until' | 'acked' | 'answer' | 'event'>, doing: () => Promise<Done>): Promise<Deed>;
}

/** What every gesture tells of itself. */
export type Done = Partial<Pick<Gesture, 'acked' | 'error'>> & {
  failed?: string;
  answered?: string;
  event?: EventName;
};

export function createLedger(): Ledger {
  const deeds: Deed[] = [];
  return {
    deeds,
    async note(what, doing) {
      const from = Date.now();
      const { acked, failed, answered, event } = await doing();
      const isAcked = failed === undefined && acked !== false;
      const deed: Deed = {
        ...what,
        from,
        until: Date.now(),
        acked: isAcked,
        answer: answered,
        ...(event && { event }),
      };
      deeds.push(deed);
      return deed;
    },
  };
}

/** The deeds with what became of their events in the end: Slack delivers those again until they are acked. */
export function withLaterAcks(deeds: readonly Deed[], journal: readonly JournalEntry[]): Deed[] {
  const ackedAt = new Map<string, number>();
  for (const { kind, error, args, at, ms } of journal) {
    const key = kind === 'envelope' && error === undefined ? keyIn(args as Enveloped) : undefined;
    if (key !== undefined && !ackedAt.has(key)) ackedAt.set(key, at + ms);
  }
  return deeds.map((deed) => {
    if (!deed.event) return deed;
    const at = ackedAt.get(keyOf(deed.event));
    return { ...deed, acked: at !== undefined, until: at ?? deed.until };
  });
}

function keyIn({ event }: Enveloped): string | undefined {
  if (!event) return undefined;
  const { channel, ts } = event.item ?? event;
  return keyOf({ type: event.type, channel, ts, user: event.user });
}

function keyOf({
  type,
  channel,
  ts,
  user,
}: { [name in 'type' | 'channel' | 'ts' | 'user']: string | undefined }): string {
  return [type, channel, ts, user].join(' ');
}

interface Enveloped {
  event?: Named & { type: string | undefined; user: string | undefined; item?: Named };
}
interface Named {
  channel: string | undefined;
  ts: string | undefined;
}
