import type { Request } from '../src/requests/request.ts';
import { counted, mention } from './text.ts';

const NAMES_SHOWN = 10;

/** Who approved this revision so far, mrkdwn; undefined where nobody did. */
export function votesLine(request: Request): string | undefined {
  const voters = request.votes.filter((vote) => vote.revision === request.revision).map((vote) => vote.user);
  return voters.length === 0 ? undefined : `Approved by ${people(voters, 'and')}.`;
}

/** What is still missing and from whom, worded from the requirement; undefined where nothing is. */
export function missingLine(request: Request): string | undefined {
  const { requirement } = request;
  if (!requirement) return undefined;
  switch (requirement.mode) {
    case 'allow':
    case 'deny':
      return undefined;
    case 'confirm':
      return `${mention(request.requester)}, check what will change, then approve.`;
    case 'approve': {
      const from = approvers(requirement.approvers, request.requester);
      return `${missingCount(request, requirement.approvals)} from ${from}.`;
    }
  }
}

/** The same without a name: nobody is notified by it. */
export function missingQuietly(request: Request): string | undefined {
  const { requirement } = request;
  if (requirement?.mode === 'confirm') return 'Waits for the requester to approve.';
  return requirement?.mode === 'approve' ? `${missingCount(request, requirement.approvals)}.` : undefined;
}

function missingCount(request: Request, approvals: number): string {
  const given = request.votes.filter((vote) => vote.revision === request.revision).length;
  return `Needs ${counted(Math.max(1, approvals - given), given > 0 ? 'more approval' : 'approval')}`;
}

function approvers(ids: readonly string[], requester: string): string {
  return ids.length === 0 ? `somebody in this channel other than ${mention(requester)}` : people(ids, 'or');
}

/** `a, b and c`; of a long list only the first. */
function people(ids: readonly string[], last: 'and' | 'or'): string {
  const names = ids.slice(0, NAMES_SHOWN).map(mention);
  if (ids.length > NAMES_SHOWN) names.push(`${ids.length - NAMES_SHOWN} more`);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${last} ${names.at(-1)}`;
}
