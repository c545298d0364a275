import { UnavailableError } from '../errors.ts';

/** ms: Slack waits 3 s for an ack; this leaves time to say that something is wrong. */
export const ANSWER_WITHIN_MS = 2_400;

/** The promise, or UnavailableError when it takes longer than `ms`. It goes on all the same: nobody can call it back. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), ms);
  });
  promise.catch(() => {});
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function tooLate(): UnavailableError {
  return new UnavailableError('opsbot did not get this done in time.', {
    advice: 'It may still come through. Look whether it did before you try again.',
  });
}
