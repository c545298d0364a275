import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chain, GENESIS } from '../../src/requests/audit.ts';
import { createChain } from '../../src/requests/audit-chain.ts';
import type { LoggedEntry } from '../../src/requests/audit-log.ts';
import { verifyAudit } from '../../src/requests/verify-audit.ts';
import { chained, type Entries, entry, logOf, memoryLog, restacked } from './memory-log.ts';

const LONGEST = 40;

/** One entry somewhere in a log of a random length, and a hash that is another one's. */
const places = fc
  .integer({ min: 1, max: LONGEST })
  .chain((length) =>
    fc.record({ length: fc.constant(length), at: fc.nat({ max: length - 1 }), other: fc.nat(LONGEST) }),
  );

const verdictOf = (entries: Entries, head?: string) => verifyAudit(memoryLog(entries, head), []);

/** What somebody may do to a log who does not reckon hashes: `undefined` where that changes nothing. */
const TAMPERINGS = {
  'changes a text': (log, { at }) => log.with(at, { ...get(log, at), entry: get(log, at).entry.replace('"U', '"W') }),
  'changes a hash': (log, { at, other }) =>
    log.with(at, { ...get(log, at), hash: chain(`${other}`, entry(other)).hash }),
  'takes one away': (log, { at }) => log.toSpliced(at, 1),
  'takes the beginning away': (log, { at }) => (at === 0 ? undefined : log.slice(at)),
  'takes the end away': (log, { at }) => log.slice(0, at),
  'swaps two': (log, { at, other }) => {
    const second = other % log.length;
    return second === at ? undefined : log.with(at, get(log, second)).with(second, get(log, at));
  },
  'writes one twice': (log, { at, other }) => log.toSpliced(other % (log.length + 1), 0, get(log, at)),
  'puts one in': (log, { at, other }) => {
    const before = log[at - 1]?.hash ?? GENESIS;
    return log.toSpliced(at, 0, { id: '', ...chain(before, entry(1000 + other)) });
  },
  'takes a text away': (log, { at }) => log.with(at, { ...get(log, at), entry: '' }),
  'takes a hash away': (log, { at }) => log.with(at, { ...get(log, at), hash: '' }),
  'writes one anew, with its hash': (log, { at, other }) =>
    // The last one's new hash is the head: see below.
    log.with(at, { ...get(log, at), ...chain(log[at - 1]?.hash ?? GENESIS, entry(2000 + other)) }),
} satisfies Record<
  string,
  (log: readonly LoggedEntry[], how: { at: number; other: number }) => LoggedEntry[] | undefined
>;

function get(log: Entries, at: number): LoggedEntry {
  const found = log[at];
  if (!found) throw new Error(`the log has no entry ${at}`);
  return found;
}

describe('a log that was tampered with', () => {
  it.each(Object.entries(TAMPERINGS))('is found out where somebody %s', async (_, tamper) => {
    await fc.assert(
      fc.asyncProperty(places, async ({ length, ...how }) => {
        const log = logOf(length);
        const tampered = tamper(log, how);
        fc.pre(tampered !== undefined);
        const verdict = await verdictOf(restacked(tampered), log.at(-1)?.hash);
        expect(verdict.isSound).toBe(false);
        expect(verdict.flaw?.what).toBeTruthy();
      }),
    );
  });

  it('is sound as long as nobody has', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 1200 }), async (length) => {
        expect(await verdictOf(logOf(length))).toMatchObject({ isSound: true, flaws: 0, length, position: length });
      }),
      { numRuns: 20 },
    );
  });

  it('is held to its checkpoints where it was written anew, or its end was taken off with the head to fit', async () => {
    await fc.assert(
      fc.asyncProperty(places, fc.boolean(), async ({ length, at }, isAnew) => {
        const log = logOf(length);
        const kept = log.slice(0, at);
        const anew = chained(
          Array.from({ length: length - at }, (_, n) => entry(3000 + n)),
          kept.at(-1)?.hash,
        );
        const tampered = restacked(isAnew ? [...kept, ...anew] : kept);
        expect(await verdictOf(tampered)).toMatchObject({ isSound: true });
        for (const [index, { hash }] of log.entries()) {
          const checkpoint = { entries: index + 1, head: hash };
          const { isSound } = await verifyAudit(memoryLog(tampered), [checkpoint]);
          expect(isSound).toBe(index < at);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('is never too strange to be looked at', async () => {
    const garbage = fc.record({
      id: fc.oneof(
        fc.string(),
        fc.tuple(fc.nat(), fc.nat()).map(([ms, n]) => `${ms}-${n}`),
      ),
      hash: fc.oneof(fc.string(), fc.constant(GENESIS)),
      entry: fc.oneof(fc.string(), fc.json(), fc.constant('{"at":1e300,"event":"audit-trimmed"}')),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(garbage, { minLength: 1 }), fc.string(), async (entries, head) => {
        const chain = createChain({ entries: 0, head: GENESIS });
        for (const one of entries) chain.take(one);
        chain.end(head);
        expect(chain.state().flaws).toBeGreaterThan(0);
        expect((await verifyAudit(memoryLog(restacked(entries), head), [])).isSound).toBe(false);
      }),
    );
  });
});
