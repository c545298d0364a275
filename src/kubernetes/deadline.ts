/** Thrown by `withDeadline` itself, never by what it runs. */
export class DeadlineError extends Error {}

/**
 * Runs with a signal that aborts with the caller's or after `ms`; rejects as soon as either happens, even where `run`
 * does not listen. Not AbortSignal.any: one long-lived signal would gather every call ever made.
 */
export async function withDeadline<T>(
  ms: number,
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = (reason: unknown) => {
    reject(reason);
    controller.abort(reason);
  };
  const onAbort = () => stop(signal?.reason);
  const timer = setTimeout(() => stop(new DeadlineError(`no answer within ${ms} ms`)), ms);
  signal?.addEventListener('abort', onAbort);
  try {
    return await Promise.race([stopped, run(controller.signal)]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
