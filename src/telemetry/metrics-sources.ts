import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';

/** Values that have to be asked for when the page is made. */
export interface Source {
  name: string;
  /** What it sets. Where it cannot be read they have no value, rather than an old one. */
  gauges: readonly Gauge[];
  /** Asks; gives what sets the gauges. */
  read(): Promise<() => void>;
}

export interface Sources {
  add(source: Source): void;
  /** Asks all of them, at the same time and none for longer than the deadline. Never rejects. */
  refresh(): Promise<void>;
}

/** ms: a scrape shall answer within a second, whatever hangs. */
const DEADLINE_MS = 500;

export function createSources(registry: Registry, logger: Logger): Sources {
  const sources: Source[] = [];
  const failing = new Set<string>();
  const up = new Gauge({
    name: 'opsbot_source_up',
    help: 'What metrics are read from when the page is made: 1 where it answered in time; else 0, and its metrics are left out.',
    labelNames: ['source'],
    registers: [registry],
  });

  function note(name: string, error: unknown): void {
    up.set({ source: name }, error === undefined ? 1 : 0);
    if (error === undefined) {
      if (failing.delete(name)) logger.info({ source: name }, 'metrics can be read again');
    } else if (!failing.has(name)) {
      failing.add(name);
      logger.warn({ err: error, source: name }, 'metrics cannot be read; the page leaves them out');
    }
  }

  async function ask({ name, gauges, read }: Source): Promise<void> {
    let show: (() => void) | undefined;
    let error: unknown;
    try {
      show = await inTime(read());
    } catch (thrown) {
      error = thrown;
    }
    for (const gauge of gauges) clear(gauge);
    show?.();
    note(name, error);
  }

  return {
    add(source) {
      sources.push(source);
    },
    async refresh() {
      await Promise.all(sources.map(ask));
    },
  };
}

/** Without labels a gauge goes back to 0 on its own, which would be a value. */
function clear(gauge: Gauge): void {
  gauge.reset();
  gauge.remove({});
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
