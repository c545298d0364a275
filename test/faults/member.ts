import { setTimeout as delay } from 'node:timers/promises';
import type { LogLine, OpsbotProcess } from '../support/opsbot.ts';

/** ms between looks at whether it runs. */
const LOOK_EVERY_MS = 50;
/** ms after which a container that ended by itself is started again. */
const RESTART_MS = 1_000;

const YES_OR_NO = [() => true, () => false] as const;

/** One replica as a Deployment keeps it: whatever ends it, it is started again. */
export interface Member {
  name: string;
  /** `kill -9`; back after so long, in ms. One that is away already comes back when it would have. */
  kill(awayMs: number): void;
  /** SIGTERM, in the same way. */
  end(awayMs: number): void;
  /** Resolves once it runs; after a crash, the process that came after it. Rejects after so many ms. */
  ready(withinMs: number): Promise<void>;
  /** To the process that is there, as soon as it runs. */
  signal(name: NodeJS.Signals): void;
  /** How processes ended that nobody had asked to. */
  endedByThemselves: readonly string[];
  /** How often it was started. */
  starts(): number;
  /** Of all its processes. */
  log(): LogLine[];
  stop(): Promise<void>;
}

export function createMember(name: string, start: () => OpsbotProcess): Member {
  const processes: OpsbotProcess[] = [];
  const endedByThemselves: string[] = [];
  let awayMs: number | undefined;
  const ended = new Set<OpsbotProcess>();
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  let current = begin();

  function begin(): OpsbotProcess {
    const started = start();
    processes.push(started);
    awayMs = undefined;
    void started.ended.then((how) => comeBack(started, how));
    return started;
  }

  function comeBack(gone: OpsbotProcess, how: number | string): void {
    ended.add(gone);
    if (isOver) return;
    if (awayMs === undefined) endedByThemselves.push(`${name} ended (${how}): ${gone.log.at(-1)?.msg}`);
    timer = setTimeout(() => {
      current = begin();
    }, awayMs ?? RESTART_MS);
  }

  /** False where one is on its way out already. */
  function takeAway(ms: number): boolean {
    if (awayMs !== undefined) return false;
    awayMs = ms;
    return true;
  }

  return {
    name,
    kill(ms) {
      takeAway(ms);
      void current.kill9();
    },
    end(ms) {
      if (takeAway(ms)) void current.stop();
    },
    async ready(withinMs) {
      const deadline = Date.now() + withinMs;
      while (Date.now() < deadline) {
        const awaited = current;
        const soon = delay(LOOK_EVERY_MS).then(() => false);
        const isUp = await Promise.race([awaited.ready.then(...YES_OR_NO), soon]);
        if (isUp && awaited === current && awayMs === undefined) return;
        await soon;
      }
      throw new Error(`${name} does not run after ${withinMs} ms`);
    },
    signal(signal) {
      // One that is only starting has no ear for it yet, and would die of it.
      const running = current;
      void running.ready.then(
        () => ended.has(running) || process.kill(running.pid, signal),
        () => undefined,
      );
    },
    endedByThemselves,
    starts: () => processes.length,
    log: () => processes.flatMap(({ log }) => log),
    async stop() {
      isOver = true;
      clearTimeout(timer);
      await current.kill9();
    },
  };
}
