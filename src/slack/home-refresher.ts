import type { Logger } from 'pino';
import type { HomeVisitors } from '../requests/requests.ts';
import { apart } from '../telemetry/work.ts';

export interface HomeRefresherDependencies {
  visitors: Pick<HomeVisitors, 'recent'>;
  /** Has a person's Home brought up to date. */
  show(user: string): Promise<void>;
  /** Calls back when what Home shows may have changed. Returns the way to stop it. */
  onChange(listener: () => void): () => void;
  log: Logger;
  /** ms; default: 10 minutes. */
  withinMs?: number | undefined;
  /** ms between two rounds; default: 3 s. */
  everyMs?: number | undefined;
}

export interface HomeRefresher {
  /** Something that Home shows has changed. */
  changed(): void;
  /** Resolves when the round that is under way has ended. */
  stop(): Promise<void>;
}

const WITHIN_MS = 10 * 60_000;
const EVERY_MS = 3_000;

/**
 * Keeps Home current for people who opened it lately. Changes are gathered: the first one starts a round at once, later
 * ones wait for the pause between rounds. Those who do not look at it cost nothing.
 */
export function createHomeRefresher(deps: HomeRefresherDependencies): HomeRefresher {
  const { visitors, show, log, withinMs = WITHIN_MS, everyMs = EVERY_MS } = deps;
  let isDirty = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> | undefined;

  function changed(): void {
    isDirty = true;
    if (!isStopped && round === undefined && timer === undefined) begin();
  }

  function begin(): void {
    timer = undefined;
    if (!isDirty || isStopped) return;
    isDirty = false;
    round = apart(refresh).finally(() => {
      round = undefined;
      if (!isStopped) timer = setTimeout(begin, everyMs);
    });
  }

  async function refresh(): Promise<void> {
    try {
      for (const user of await visitors.recent(withinMs)) {
        if (isStopped) return;
        await show(user).catch((err: unknown) => {
          log.warn({ err, user }, 'Home was not refreshed');
          isDirty = true;
        });
      }
    } catch (err) {
      log.warn({ err }, 'Home was not refreshed');
    }
  }

  const unsubscribe = deps.onChange(changed);
  return {
    changed,
    async stop() {
      isStopped = true;
      unsubscribe();
      clearTimeout(timer);
      await round;
    },
  };
}
