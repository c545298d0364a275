import { z } from 'zod';
import { jsonOf } from './json-of.ts';

/**
 * The end of the audit log's chain at one moment. Kept where whoever can write to Redis cannot write (a channel, a log
 * collector), it vouches for every entry up to it: nobody can take entries away or write them anew unseen.
 */
export interface Checkpoint {
  /** ms since the epoch. */
  at: number;
  /** How many entries the log had by then, counted from its very first, removed ones included. */
  entries: number;
  /** The hash of the last of them; GENESIS where there was none. */
  head: string;
}

const line = z.object({
  audit: z.literal('checkpoint'),
  at: z.iso.datetime(),
  entries: z.number().int().nonnegative(),
  head: z.string().regex(/^[0-9a-f]{64}$/),
});

/** `{"audit":"checkpoint","at":"2026-11-23T00:00:00.000Z","entries":1234,"head":"…"}` */
export function checkpointLine({ at, entries, head }: Checkpoint): string {
  return JSON.stringify({ audit: 'checkpoint', at: new Date(at).toISOString(), entries, head });
}

/** The checkpoint that one line of a log says; undefined where it says none. */
export function checkpointIn(text: string): Checkpoint | undefined {
  const parsed = line.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const { at, entries, head } = parsed.data;
  return { at: Date.parse(at), entries, head };
}
