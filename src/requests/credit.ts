import { z } from 'zod';
import type { Request } from './request.ts';

/** In whose name a change is made, as people are called: for the cluster's own record of it. */
export interface Credit {
  requester: string;
  /** Those whose votes counted at the release. */
  approvers: string[];
  reason?: string | undefined;
}

/** What is not known of somebody is said with their Slack id. */
export function creditOf({ requester, votes, reason, people }: Request): Credit {
  const called = (user: string) => people?.[user]?.name ?? user;
  return { requester: called(requester), approvers: votes.map(({ user }) => called(user)), reason };
}

const LONGEST_REASON = 500;
const name = z.string().transform((text) => text.slice(0, 80));

/** An agent holds what an order says of people to this: orders come out of Redis. */
export const creditSchema: z.ZodType<Credit> = z.object({
  requester: name,
  approvers: z.array(name).max(50),
  reason: z
    .string()
    .transform((text) => text.slice(0, LONGEST_REASON))
    .optional(),
});
