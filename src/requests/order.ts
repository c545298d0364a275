import { z } from 'zod';
import type { Outcome, Plan } from '../actions/action.ts';
import { WORKLOAD_KINDS } from '../kubernetes/cluster.ts';
import type { Credit } from './credit.ts';

/** What the hub sends to an agent, and what comes back. Reports are checked like any stranger's input. */
export interface PlanOrder {
  type: 'plan';
  request: string;
  revision: number;
  action: string;
  input: unknown;
  requestedAt: number;
}

export interface ExecuteOrder {
  type: 'execute';
  request: string;
  revision: number;
  attempt: number;
  action: string;
  effect: 'read' | 'change';
  plan: Plan;
  /** Where an agent has reported already that the change is in the cluster: it is only followed from there. */
  applied?: { generation: number } | undefined;
  /** Absent in the order of an older hub. */
  credit?: Credit | undefined;
  requestedAt: number;
  /** ms since the epoch: no change may be begun after that, only found out about. */
  validUntil: number;
}
export type Order = PlanOrder | ExecuteOrder;

/** How an order ends that nobody had begun with when its time ran out. */
export const ORDER_LAPSED: Extract<Outcome, { result: 'failed' }> = {
  result: 'failed',
  reason: 'OrderLapsed',
  text: 'No agent could begin in time; nothing was changed. Ask again.',
};

/** The longest parts of a read's answer that a report may have, in characters. */
export const READING_LIMITS = { body: 4 * 1024 * 1024, filename: 300, note: 3_000 } as const;

const text = (max: number) => z.string().max(max);
const json: z.ZodType = z.json();

const planSchema = z.object({
  action: text(64),
  input: json,
  target: z.object({
    kind: z.enum([...WORKLOAD_KINDS, 'Pod', 'Namespace']),
    namespace: text(63),
    name: text(253),
    uid: text(64).optional(),
  }),
  patch: z.record(text(64), json).nullable(),
  preconditions: z
    .array(
      z.object({
        field: z.enum(['replicas', 'paused']),
        equals: z.union([z.string(), z.number(), z.boolean()]),
      }),
    )
    .max(10),
  diff: z.array(z.object({ field: text(100), before: text(500), after: text(500) })).max(20),
  warnings: z.array(text(1_000)).max(20),
});

const errorSchema = z.object({
  kind: z.enum(['input', 'not-allowed', 'not-found', 'conflict', 'unavailable', 'internal']),
  message: text(3_000),
  advice: text(3_000).optional(),
  field: text(100).optional(),
});

const outcomeSchema = z.discriminatedUnion('result', [
  z.object({ result: z.literal('succeeded'), text: text(3_000) }),
  z.object({ result: z.literal('failed'), reason: text(200), text: text(3_000) }),
]);

const of = { request: text(40), revision: z.number().int().positive() };
const attempt = z.number().int().positive();
/** Which order this is about; absent in the report of an older agent. */
const ofOrder = { ...of, attempt: attempt.optional() };

export const reportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('planned'), ...of, plan: planSchema }),
  z.object({ type: z.literal('plan-failed'), ...of, error: errorSchema }),
  z.object({ type: z.literal('applied'), ...of, generation: z.number().int().nonnegative() }),
  z.object({
    type: z.literal('progressed'),
    ...of,
    progress: z.object({ text: text(1_000), done: z.number(), total: z.number() }),
  }),
  z.object({
    type: z.literal('read'),
    ...of,
    reading: z.object({
      headline: text(3_000),
      body: text(READING_LIMITS.body),
      filename: text(READING_LIMITS.filename),
      note: text(READING_LIMITS.note).optional(),
    }),
  }),
  /** `generation` of a change that is in the cluster: this report may overtake the one that said so. */
  z.object({
    type: z.literal('finished'),
    ...ofOrder,
    outcome: outcomeSchema,
    generation: z.number().int().nonnegative().optional(),
  }),
  /** Nothing was applied, and the cluster is not as it was when the plan was made. */
  z.object({ type: z.literal('drifted'), ...ofOrder, reason: text(3_000) }),
  /** It cannot be known whether it was applied. */
  z.object({ type: z.literal('lost'), ...ofOrder, reason: text(3_000) }),
  /** Nothing was applied so far, and why; the agent goes on trying. */
  z.object({ type: z.literal('hindered'), ...of, reason: text(3_000) }),
  /** The agent ends before this order does: another one has to go on. */
  z.object({ type: z.literal('left'), ...of, attempt }),
]);
export type Report = z.infer<typeof reportSchema>;
