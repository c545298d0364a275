import type { Logger } from 'pino';

export interface Repeated {
  /** Runs the task now, unless it is running. */
  run(): void;
  /** No further run; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** Runs a task every so many ms, but never beside itself: one that takes long is not queued up behind. */
export function every(ms: number, what: string, task: () => Promise<void>, logger: Logger): Repeated {
  let running: Promise<void> | undefined;
  const run = () => {
    running ??= task()
      .catch((err: unknown) => logger.warn({ err }, `${what} failed; trying again`))
      .finally(() => {
        running = undefined;
      });
  };
  const timer = setInterval(run, ms);
  return {
    run,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
