import { UnavailableError } from '../errors.ts';

/** A call to the database whose failure is told to people in these words; the cause is for the log. */
export async function answering<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw new UnavailableError('opsbot cannot reach its database (Redis).', {
      advice: 'Try again in a minute.',
      cause,
    });
  }
}
