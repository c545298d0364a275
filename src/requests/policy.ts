import type { PolicyRule } from '../config.ts';
import { globMatches } from '../glob.ts';
import type { Request, Requirement, Vote } from './request.ts';

/**
 * Policy: who may have what done, and who has to agree. Pure: rules and facts in, a requirement out.
 * The first rule that matches decides; where none does, reading is allowed and a change needs one approval.
 */
export interface Subject {
  action: string;
  effect: 'read' | 'change';
  cluster: string;
  namespace: string;
  /** Name of the workload or pod; empty for an action on a whole namespace. */
  workload: string;
  requester: string;
}

/** How long people have to decide where the rule does not say, in ms. */
export const DEFAULT_EXPIRY_MS = 60 * 60_000;

function matches(rule: PolicyRule, subject: Subject): boolean {
  const conditions: [readonly string[] | undefined, string][] = [
    [rule.match.action, subject.action],
    [rule.match.cluster, subject.cluster],
    [rule.match.namespace, subject.namespace],
    [rule.match.workload, subject.workload],
    [rule.match.requester, subject.requester],
  ];
  return conditions.every(([patterns, value]) => !patterns || patterns.some((pattern) => globMatches(pattern, value)));
}

/** How the rule is called in the request, the thread and the audit log. */
function nameOf(index: number): string {
  return `policy rule ${index + 1}`;
}

export function requirementOf(rules: readonly PolicyRule[], subject: Subject): Requirement {
  const index = rules.findIndex((rule) => matches(rule, subject));
  const rule = rules[index];
  if (!rule) return defaultRequirement(subject.effect);
  const name = nameOf(index);
  const terms = {
    rule: name,
    expiresMs: rule.expiresMs ?? DEFAULT_EXPIRY_MS,
    reasonRequired: rule.reason === 'required',
  };
  switch (rule.decision) {
    case 'allow':
      return { mode: 'allow', rule: name };
    case 'deny':
      return { mode: 'deny', rule: name, reason: rule.message ?? `Not allowed here by ${name}.` };
    case 'confirm':
      return { mode: 'confirm', ...terms };
    case 'approve':
      return { mode: 'approve', approvals: rule.approvals, approvers: [...rule.approvers], ...terms };
  }
}

function defaultRequirement(effect: Subject['effect']): Requirement {
  if (effect === 'read') return { mode: 'allow', rule: 'default: reading is allowed' };
  return {
    mode: 'approve',
    rule: 'default: one approval',
    approvals: 1,
    approvers: [],
    expiresMs: DEFAULT_EXPIRY_MS,
    reasonRequired: false,
  };
}

/** Votes still needed when `votes` are the ones that count, over distinct people. */
export function votesMissing(requirement: Requirement, votes: readonly Vote[]): number {
  const people = new Set(votes.map((vote) => vote.user)).size;
  switch (requirement.mode) {
    case 'allow':
      return 0;
    case 'deny':
      return Number.POSITIVE_INFINITY;
    case 'confirm':
      return Math.max(0, 1 - people);
    case 'approve':
      return Math.max(0, requirement.approvals - people);
  }
}

/** What is known of a person at the moment they vote, or at the release. */
export interface VoterFacts {
  standing: 'member' | 'guest' | 'stranger' | 'bot' | 'deactivated';
  isInChannel: boolean;
  /** Is named by the requirement, as a person or through a user group. */
  isNamed: boolean;
}

const STANDING: Record<Exclude<VoterFacts['standing'], 'member'>, string> = {
  guest: 'Guests cannot ask for changes or decide about them; a full member of the workspace can.',
  stranger: 'You belong to another workspace; only full members of this one can ask and decide.',
  bot: 'Apps cannot ask or decide; a person has to.',
  deactivated: 'This account is deactivated.',
};

/** Why this standing may do nothing at all, or undefined for a full member. */
export function standingRefusal(standing: VoterFacts['standing']): string | undefined {
  return standing === 'member' ? undefined : STANDING[standing];
}

/** Why this person's approval would not count, as a sentence to them; undefined where it does. */
export function approvalRefusal(
  request: Pick<Request, 'requester'>,
  requirement: Requirement,
  user: string,
  facts: VoterFacts,
): string | undefined {
  const standing = standingRefusal(facts.standing);
  if (standing) return standing;
  switch (requirement.mode) {
    case 'allow':
      return 'This request needs no approval.';
    case 'deny':
      return requirement.reason;
    case 'confirm':
      return user === request.requester
        ? undefined
        : `Only the person who asked for it confirms this one (${requirement.rule}).`;
    case 'approve':
      if (user === request.requester) {
        return 'You asked for this yourself, so somebody else has to approve it. You can cancel it.';
      }
      if (requirement.approvers.length > 0) {
        return facts.isNamed ? undefined : `You are not among the approvers that ${requirement.rule} names.`;
      }
      return facts.isInChannel ? undefined : 'Only members of the channel where this was asked can approve it.';
  }
}
