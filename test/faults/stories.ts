import type { Random } from '../support/slack/random.ts';

/** What people want in a run, and how they decide: drawn from the seed before it begins. */

/** The policy's rules, by the namespace in which they hold. `brief`: one approval, within a minute. */
export const RULES = ['one', 'two', 'confirm', 'brief'] as const;
export type Rule = (typeof RULES)[number];

/** Few, so that requests meet at them. In each namespace. */
export const WORKLOADS = ['web', 'api'] as const;
export const CHANNELS = ['red', 'green', 'blue', 'grey', 'pink', 'gold'] as const;

const ACTIONS = ['scale', 'scale', 'restart', 'pods', 'logs'] as const;
const ASKING = ['mention', 'slash', 'modal'] as const;
const DECIDING = ['button', 'double click', 'reaction', 'typed word', 'mention'] as const;
const ENDINGS = ['approve', 'approve', 'approve', 'reject', 'cancel', 'nobody', 'take back'] as const;

export interface Story {
  /** Two digits, so that no name begins with another. */
  name: string;
  action: (typeof ACTIONS)[number];
  rule: Rule;
  workload: (typeof WORKLOADS)[number];
  replicas: number;
  asks: (typeof ASKING)[number];
  decides: (typeof DECIDING)[number];
  /** `nobody`: it is left to its deadline. `take back`: an approval is withdrawn, and then others approve. */
  ending: (typeof ENDINGS)[number];
  channel: (typeof CHANNELS)[number];
  /** ms after the load began. */
  at: number;
  /** ms before each deed. */
  thinks: number;
}

const FEWEST = 8;
const MOST = 12;
const BEGIN_WITHIN_MS = 6_000;
const THINKING_MS = 500;

export function drawStories(random: Random): Story[] {
  const one = <T>(of: readonly T[]): T => of[random.below(of.length)] as T;
  return Array.from({ length: FEWEST + random.below(MOST - FEWEST + 1) }, (_, number) => {
    const ending = one(ENDINGS);
    const rule = ending === 'nobody' ? 'brief' : ending === 'take back' ? 'two' : one(RULES);
    // Only what changes something is voted on.
    const action = ending === 'approve' ? one(ACTIONS) : one(['scale', 'restart'] as const);
    return {
      name: `s${String(number).padStart(2, '0')}`,
      ...{ action, rule, ending },
      workload: one(WORKLOADS),
      replicas: 3 + random.below(4),
      asks: action === 'pods' || action === 'logs' ? one(['mention', 'slash'] as const) : one(ASKING),
      decides: ending === 'take back' ? 'reaction' : one(DECIDING),
      channel: one(CHANNELS),
      at: random.below(BEGIN_WITHIN_MS),
      thinks: random.below(THINKING_MS),
    };
  });
}

/** `s03 after 1.2 s: scale web (two approvals) by modal, approve by reaction` */
export function storyInWords({ name, at, action, workload, rule, asks, ending, decides }: Story): string {
  return `${name} after ${(at / 1000).toFixed(1)} s: ${action} ${workload} (${rule}) by ${asks}, ${ending} by ${decides}`;
}
