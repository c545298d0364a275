/** Exit codes of a process that a signal has ended, as shells know them. */
export const SIGNAL_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
export type SignalName = keyof typeof SIGNAL_CODES;

export interface Interruption {
  /** Aborted with the signal's name as the reason. */
  signal: AbortSignal;
  /** As if that signal had come: a terminal in raw mode sends none for Ctrl-C. */
  interrupt(name: SignalName): void;
}

/** npm hands on a Ctrl-C that the terminal has sent to its child as well: both are one and the same. */
const ECHO_MS = 1_000;

/** The first signal asks for a good end; a second one ends the process at once (its children are killed on exit). */
export function listenForSignals(): Interruption {
  const controller = new AbortController();
  let first: number | undefined;
  const interrupt = (name: SignalName) => {
    if (first !== undefined && performance.now() - first > ECHO_MS) process.exit(SIGNAL_CODES[name]);
    first ??= performance.now();
    controller.abort(name);
  };
  for (const name of Object.keys(SIGNAL_CODES) as SignalName[]) process.on(name, () => interrupt(name));
  return { signal: controller.signal, interrupt };
}

export function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
