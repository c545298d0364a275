import type { OpsbotProcess } from '../support/opsbot.ts';
import { createListeners } from './listeners.ts';

/** opsbot's agent, which is started again when it dies, as a Deployment's pod would be. */
export interface Worker {
  /** Whether its process runs, and how often it had to be started again. */
  state(): { running: boolean; restarts: number };
  /** SIGKILL. Throws a sentence where it does not run. */
  kill(): void;
  /** Calls back when its state has changed. Returns the way to stop it. */
  onChange(listener: () => void): () => void;
}

/** It has ended without having been told to, and is not started again. */
export interface Death {
  /** Exit code, or the name of the signal. */
  how: number | string;
  /** Of its last process. */
  log: OpsbotProcess['log'];
}

export interface RunningWorker extends Worker {
  /** Resolves once it is ready for the first time. */
  ready: Promise<void>;
  /** Resolves where it ends before it was ever ready, or too often. */
  died: Promise<Death>;
  stop(): Promise<void>;
}

export interface WorkerOptions {
  start(): OpsbotProcess;
  /** ms until it is started again. */
  pauseMs?: number;
}

/** So many deaths within so many ms are too many, those by `kill` left out. */
const TOO_MANY = 3;
const WITHIN_MS = 30_000;

interface Run {
  process: OpsbotProcess;
  wasKilled: boolean;
}

export function startWorker({ start, pauseMs = 1_000 }: WorkerOptions): RunningWorker {
  const listeners = createListeners();
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>();
  const { promise: died, resolve: die } = Promise.withResolvers<Death>();
  let current: Run | undefined;
  let wasReady = false;
  let restarts = 0;
  let deaths: number[] = [];
  let isStopping = false;
  let planned: NodeJS.Timeout | undefined;

  function run(): void {
    const begun: Run = { process: start(), wasKilled: false };
    current = begun;
    void begun.process.ready.then(
      () => {
        wasReady = true;
        isReady();
      },
      () => undefined, // its end tells
    );
    void begun.process.ended.then((how) => hasEnded(begun, how));
  }

  function hasEnded({ process, wasKilled }: Run, how: number | string): void {
    current = undefined;
    listeners.tell();
    if (isStopping) return;
    const now = performance.now();
    if (!wasKilled) deaths = [...deaths.filter((at) => now - at < WITHIN_MS), now];
    if (wasReady && deaths.length < TOO_MANY) planned = setTimeout(again, pauseMs);
    else die({ how, log: process.log });
  }

  function again(): void {
    restarts += 1;
    run();
    listeners.tell();
  }

  run();
  return {
    state: () => ({ running: current !== undefined, restarts }),
    kill() {
      if (!current) throw new Error('The worker does not run just now. It is started again in a moment.');
      current.wasKilled = true;
      void current.process.kill9();
    },
    onChange: listeners.add,
    ready,
    died,
    async stop() {
      isStopping = true;
      clearTimeout(planned);
      await current?.process.stop();
    },
  };
}
