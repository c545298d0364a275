export interface Random {
  /** 0 ≤ n < below, an integer. */
  below(below: number): number;
  /** Letters and digits as in Slack's ids. */
  id(prefix: string, length?: number): string;
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The same seed gives the same choices, so that a failing run can be repeated. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    id: (prefix, length = 10) =>
      prefix + Array.from({ length }, () => ALPHABET.charAt(below(ALPHABET.length))).join(''),
  };
}
