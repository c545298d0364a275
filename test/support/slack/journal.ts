import { EventEmitter } from 'node:events';
import type { Clock } from './clock.ts';

/** One thing that went over the wire between Slack and the app. */
export interface JournalEntry {
  /** ms since the epoch, when it began. */
  at: number;
  kind: 'api' | 'envelope' | 'response_url' | 'upload';
  /** The method, or the envelope's type. */
  name: string;
  args: unknown;
  answer: unknown;
  ms: number;
  /** Set where the answer is due to an injected fault. */
  fault?: string;
  /** Set on an envelope that was not acked: the word that the person saw. */
  error?: string;
}

/** Something that a real Slack would have refused, or that its people would have noticed. */
export interface Violation {
  at: number;
  kind: 'rejected-call' | 'response-url' | 'bad-ack' | 'no-ack';
  name: string;
  error: string;
  reasons: string[];
  args: unknown;
}

export interface Journal {
  readonly entries: JournalEntry[];
  readonly violations: Violation[];
  /** `journal` with an entry, `violation` with a violation, `change` after anything that people can see changed. */
  readonly emitter: EventEmitter;
  write(entry: JournalEntry): void;
  violated(violation: Omit<Violation, 'at'>): void;
  changed(): void;
}

const KEPT = 50_000;

export function createJournal(clock: Clock): Journal {
  const emitter = new EventEmitter();
  emitter.setMaxListeners(0);
  const entries: JournalEntry[] = [];
  const violations: Violation[] = [];
  return {
    entries,
    violations,
    emitter,
    write(entry) {
      entries.push(entry);
      if (entries.length > KEPT) entries.splice(0, KEPT / 10);
      emitter.emit('journal', entry);
      emitter.emit('change');
    },
    violated(violation) {
      const full = { at: clock.now(), ...violation };
      violations.push(full);
      emitter.emit('violation', full);
      emitter.emit('change');
    },
    changed: () => void emitter.emit('change'),
  };
}
