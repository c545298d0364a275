import { UnavailableError } from '../errors.ts';

/** The database does not answer, in words for people; the cause is for the log. */
export function databaseAway(cause: unknown): UnavailableError {
  return new UnavailableError('opsbot cannot reach its database (Redis).', { advice: 'Try again in a minute.', cause });
}

/** A call to the database whose failure is told to people as `databaseAway`. */
export async function answering<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw databaseAway(cause);
  }
}
