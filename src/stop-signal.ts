/**
 * What SIGTERM and SIGINT do. As the first process of a container Node would ignore a signal that nobody listens for, so
 * the entry imports this before everything else. Until there is something to end in good order, a signal ends the process
 * at once; afterwards a second one changes nothing (Ctrl-C comes twice where npm passes it on).
 */
let onSignal = (): void => process.exit(0);

// An operator's command that was interrupted has not succeeded: there the system's own way is the right one.
if (process.argv.length === 2) {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => onSignal());
}

/** From now on a signal no longer ends the process: it resolves this. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    onSignal = resolve;
  });
}
