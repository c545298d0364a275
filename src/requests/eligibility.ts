import { NotAllowedError } from '../errors.ts';
import { approvalRefusal, standingRefusal, type VoterFacts } from './policy.ts';
import type { Request, Requirement, Vote } from './request.ts';
import type { People } from './requests.ts';

/** Gathers what policy needs to know of a person; asks Slack for no more than the requirement looks at. */
async function voterFacts(
  request: Request,
  requirement: Requirement,
  user: string,
  people: People,
): Promise<VoterFacts> {
  const standing = await people.standing(user);
  const facts: VoterFacts = { standing, isInChannel: false, isNamed: false };
  if (standing !== 'member' || requirement.mode !== 'approve') return facts;
  if (requirement.approvers.length === 0) {
    return { ...facts, isInChannel: await people.isInChannel(user, request.origin.channel) };
  }
  return { ...facts, isNamed: await isNamed(requirement.approvers, user, people) };
}

async function isNamed(approvers: readonly string[], user: string, people: People): Promise<boolean> {
  if (approvers.includes(user)) return true;
  for (const approver of approvers) {
    if (/^(@|S)/.test(approver) && (await people.isInGroup(user, approver))) return true;
  }
  return false;
}

/** Why this person's approval would not count; undefined where it does. UnavailableError where Slack does not say. */
export async function approvalRefusalOf(
  request: Request,
  requirement: Requirement,
  user: string,
  people: People,
): Promise<string | undefined> {
  return approvalRefusal(request, requirement, user, await voterFacts(request, requirement, user, people));
}

/** The votes that count now: on this revision, by people who may (still) approve it. */
export async function countingVotes(request: Request, requirement: Requirement, people: People): Promise<Vote[]> {
  const counting: Vote[] = [];
  for (const vote of request.votes) {
    if (vote.revision !== request.revision) continue;
    if ((await approvalRefusalOf(request, requirement, vote.user, people)) === undefined) counting.push(vote);
  }
  return counting;
}

/** NotAllowedError where somebody is no full member of the home workspace: only those ask, decide, or look at the cluster. */
export async function requireMember(people: Pick<People, 'standing'>, user: string): Promise<void> {
  const refused = standingRefusal(await people.standing(user));
  if (refused !== undefined) throw new NotAllowedError(refused);
}
