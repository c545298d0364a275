import type { JournalEntry, Violation } from '../../support/slack/journal.ts';
import type { LocalSlack } from '../../support/slack/local-slack.ts';
import { aboutTraffic } from './about-traffic.ts';
import type { TrafficDetail, TrafficEntry } from './wire.ts';

export interface Traffic {
  /** The latest ones, oldest first. */
  latest(): TrafficEntry[];
  /** Undefined where it is not known, or not any more. */
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

  function onJournal(entry: JournalEntry): void {
    const { at, kind, ms, answer } = entry;
    const sent = kind === 'envelope' ? entry.args : unfolded(entry.args);
    // An upload is called by its file's name.
    const [name, about] =
      kind === 'upload'
        ? ['upload', `${entry.name} · ${Number(answer).toLocaleString('en')} bytes`]
        : [entry.name, aboutTraffic({ kind, args: sent }, slack.state)];
    keep({ at, kind, name, about, ms, error: errorOf(entry) }, sent, answer);
  }

  /** Refused calls and what was not acked have entries of their own. */
  function onViolation({ at, kind, name, error, reasons, args }: Violation): void {
    if (kind !== 'bad-ack') return;
    const about = `Slack would not take the answer: ${reasons.join('; ') || error}`;
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

function errorOf({ kind, answer, error, fault }: JournalEntry): string | undefined {
  if (error !== undefined) return error;
  const { ok, error: refused } = (answer ?? {}) as { ok?: boolean; error?: string };
  if (ok === false) return refused ?? 'not ok';
  // A response_url says `ok`, or the word of what is wrong.
  return kind === 'response_url' && answer !== 'ok' ? String(answer) : fault;
}

/** In a form, what is not plain text is written as JSON. */
function unfolded(args: unknown): unknown {
  if (typeof args !== 'object' || args === null) return args;
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, parsed(value)]));
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
