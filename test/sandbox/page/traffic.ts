import type { JournalEntry, Violation } from '../../support/slack/journal.ts';
import type { LocalSlack } from '../../support/slack/local-slack.ts';
import { aboutTraffic } from './about-traffic.ts';
import type { TrafficDetail, TrafficEntry } from './wire.ts';

export interface Traffic {
  /** The latest ones, oldest first. */
  latest(): TrafficEntry[];
  detail(id: number): TrafficDetail | undefined;
  onEntry(listener: (entry: TrafficEntry) => void): () => void;
  stop(): void;
}

const KEPT = 2_000;
const LATEST = 300;

interface Kept {
  entry: TrafficEntry;
  sent: unknown;
  answer: unknown;
}

/** Remembers what goes over the wire from now on. */
export function watchTraffic(slack: LocalSlack): Traffic {
  const kept = new Map<number, Kept>();
  const listeners = new Set<(entry: TrafficEntry) => void>();
  let last = 0;

  function keep(content: Omit<TrafficEntry, 'id'>, sent: unknown, answer: unknown): void {
    last += 1;
    const entry = { id: last, ...content };
    kept.set(last, { entry, sent, answer });
    kept.delete(last - KEPT);
    for (const listener of listeners) listener(entry);
  }

  function onJournal({ at, kind, name, args, answer, ms, ...rest }: JournalEntry): void {
    const about = aboutTraffic({ kind, args }, slack.state);
    keep({ at, kind, name, about, ms, error: errorOf(answer, rest) }, args, answer);
  }

  /** Refused calls and what was not acked have entries of their own. */
  function onViolation({ at, kind, name, error, reasons, args }: Violation): void {
    if (kind !== 'bad-ack') return;
    const about = `Slack would not take the answer: ${reasons.join('; ')}`;
    keep({ at, kind: 'envelope', name, about, ms: 0, error }, undefined, args);
  }

  slack.events.on('journal', onJournal);
  slack.events.on('violation', onViolation);
  return {
    latest: () => [...kept.values()].slice(-LATEST).map(({ entry }) => entry),
    detail(id) {
      const found = kept.get(id);
      return found && { ...found.entry, sent: found.sent, answer: found.answer };
    },
    onEntry(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      slack.events.off('journal', onJournal);
      slack.events.off('violation', onViolation);
    },
  };
}

function errorOf(answer: unknown, { error, fault }: Pick<JournalEntry, 'error' | 'fault'>): string | undefined {
  if (error !== undefined) return error;
  const { ok, error: refused } = (answer ?? {}) as { ok?: boolean; error?: string };
  return ok === false ? (refused ?? 'not ok') : fault;
}
