import { UnavailableError } from '../errors.ts';

/** What is said of a Redis that is there and does not do its work, wherever in the text: a script's error quotes it. */
const REFUSALS: readonly { said: RegExp; problem: string; advice: string }[] = [
  {
    said: /\bOOM command not allowed/,
    problem: 'is full',
    advice: 'Nothing was changed. Whoever runs opsbot has to give Redis more memory.',
  },
  {
    said: /\bMISCONF\b/,
    problem: 'cannot write to its disk',
    advice: 'Nothing was changed. Whoever runs opsbot has to look at the disk of Redis.',
  },
  {
    said: /\bCommand timed out\b/,
    problem: 'does not answer',
    advice: 'It may still come through. Look whether it did before you try again.',
  },
  { said: /\bREADONLY\b/, problem: 'is being replaced by another', advice: 'Try again in a minute.' },
  { said: /\bLOADING\b/, problem: 'is still reading its data', advice: 'Try again in a minute.' },
];

/** Why Redis does not do its work although it is there, e.g. `is full`, and what to do; undefined where it is not. */
export function refusalOf(cause: unknown): { problem: string; advice: string } | undefined {
  const text = cause instanceof Error ? cause.message : '';
  return REFUSALS.find(({ said }) => said.test(text));
}

/** The database does not do its work, in words for people; the cause is for the log. */
export function databaseAway(cause: unknown): UnavailableError {
  const refusal = refusalOf(cause);
  if (!refusal) {
    const advice = 'Try again in a minute.';
    return new UnavailableError('opsbot cannot reach its database (Redis).', { advice, cause });
  }
  return new UnavailableError(`opsbot’s database (Redis) ${refusal.problem}.`, { advice: refusal.advice, cause });
}

/** A call to the database whose failure is told to people as `databaseAway`. */
export async function answering<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (cause) {
    throw databaseAway(cause);
  }
}
