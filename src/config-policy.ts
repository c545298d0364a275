import { z } from 'zod';
import { clusters, duration, globs, namespaces, oneOrMore } from './config-values.ts';

/** The policy's part of the configuration file: the rules' schema, and the rules as policy.ts takes them. */
const APPROVER_ADVICE = 'people (U0123456789) and user groups (S0123456789 or "@handle") are needed';
const approvers = oneOrMore(
  z.string(APPROVER_ADVICE).regex(/^([UWS][A-Z0-9]{6,}|@[\p{Ll}\p{N}._-]+)$/u, APPROVER_ADVICE),
  APPROVER_ADVICE,
);

export const matchSchema = z.strictObject(
  {
    action: globs('a-z0-9-', 'scale').optional().describe('Names of actions.'),
    cluster: clusters,
    namespace: namespaces,
    workload: globs('a-z0-9.-', '"api-*"').optional().describe('Names of workloads or pods.'),
    requester: globs('A-Z0-9', 'U0123456789').optional().describe('User ids of those who ask.'),
  },
  'conditions like { action: scale, namespace: "prod-*" } are needed, or {} for everything',
);

const ON = 'true is needed; leave the key out where it does not apply';
const APPROVALS_ADVICE = 'a whole number from 1 to 20 is needed';

export const ruleShape = z.strictObject(
  {
    match: matchSchema.describe('What the rule is about: all conditions must hold. `{}` matches everything.'),
    allow: z.literal(true, ON).optional().describe('`true`: nobody has to agree.'),
    deny: z
      .union([z.literal(true), z.string().min(1)], 'true, or the sentence that people are told, is needed')
      .optional()
      .describe('`true` or a sentence for people: nobody may.'),
    confirm: z.literal(true, ON).optional().describe('`true`: the requester confirms, with the plan in view.'),
    approvals: z
      .int(APPROVALS_ADVICE)
      .min(1, APPROVALS_ADVICE)
      .max(20, APPROVALS_ADVICE)
      .optional()
      .describe('How many others have to approve.'),
    approvers: approvers
      .optional()
      .describe('Whose approval counts: people and user groups. Default: full members in the request’s channel.'),
    reason: z
      .literal('required', 'only the word required is known here')
      .optional()
      .describe('`required`: no request without a reason.'),
    expires: duration('1m', '30d').optional().describe('How long people have to decide. Default: `1h`.'),
  },
  'a rule like { match: { action: scale }, approvals: 1 } is needed',
);

type RawRule = z.output<typeof ruleShape>;

const DECISIONS = ['allow', 'deny', 'confirm', 'approvals'] as const;

/** What a rule's keys say together, apart from each key's own form. */
function conflictsIn(rule: Partial<RawRule>): { path: string[]; message: string }[] {
  const has = (key: keyof RawRule) => rule[key] !== undefined;
  const decisions = DECISIONS.filter(has);
  if (decisions.length !== 1) {
    const found = decisions.length === 0 ? 'none of them is there' : `${decisions.join(' and ')} contradict each other`;
    return [{ path: [], message: `exactly one of ${DECISIONS.join(', ')} is needed; ${found}` }];
  }
  const conflicts: { path: string[]; message: string }[] = [];
  if (has('approvers') && !has('approvals')) {
    conflicts.push({ path: ['approvers'], message: 'this goes with approvals only' });
  }
  if (has('allow') || has('deny')) {
    const idle = (['reason', 'expires'] as const).filter(has);
    for (const key of idle) conflicts.push({ path: [key], message: 'this goes with confirm or approvals only' });
  }
  if (neverEnough(rule)) {
    conflicts.push({
      path: ['approvals'],
      message: 'the approvers are fewer people than that, so it could never happen',
    });
  }
  return conflicts;
}

function neverEnough({ approvals, approvers }: Partial<RawRule>): boolean {
  if (typeof approvals !== 'number' || !Array.isArray(approvers)) return false;
  const people = approvers.every((approver) => /^[UW]/.test(String(approver)));
  return people && new Set(approvers).size < approvals;
}

interface PolicyMatch {
  action?: readonly string[] | undefined;
  cluster?: readonly string[] | undefined;
  namespace?: readonly string[] | undefined;
  workload?: readonly string[] | undefined;
  requester?: readonly string[] | undefined;
}

/** A rule of the policy. All conditions that are there must hold; of each, one pattern is enough. */
export type PolicyRule = {
  match: PolicyMatch;
  reason: 'required' | 'optional';
  /** Absent: the policy's default. */
  expiresMs: number | undefined;
} & (
  | { decision: 'allow' }
  | { decision: 'deny'; message: string | undefined }
  | { decision: 'confirm' }
  /** `approvers`: user ids, user group ids, `@handle`s; empty: full members in the request's channel. */
  | { decision: 'approve'; approvals: number; approvers: readonly string[] }
);

function toRule(raw: RawRule): PolicyRule {
  const common = { match: raw.match, reason: raw.reason ?? 'optional', expiresMs: raw.expires } as const;
  if (raw.allow) return { ...common, decision: 'allow' };
  if (raw.deny) return { ...common, decision: 'deny', message: raw.deny === true ? undefined : raw.deny };
  if (raw.confirm) return { ...common, decision: 'confirm' };
  return { ...common, decision: 'approve', approvals: raw.approvals ?? 1, approvers: raw.approvers ?? [] };
}

export const ruleSchema = ruleShape
  .superRefine(
    (raw, context) => {
      for (const conflict of conflictsIn(raw)) context.addIssue({ code: 'custom', ...conflict });
    },
    // Also where single keys are wrong already: all problems are told at once.
    { when: ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value) },
  )
  .transform(toRule);
