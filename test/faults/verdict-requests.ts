import { isTerminal, type Request } from '../../src/requests/request.ts';
import type { Evidence } from './evidence.ts';

/** Every request has come to its end, by the votes that its rule asks for. */
export function aboutTheRequests(evidence: Evidence): string[] {
  const { requests, open } = evidence;
  return requests.flatMap((request) => {
    const { id, state } = request;
    const isOver = isTerminal(state) || state === 'unknown';
    return [
      ...(isOver ? [] : [`${id} is still ${state}`]),
      ...(open.includes(id) === isTerminal(state)
        ? [`${id} is ${state} and counts as ${open.includes(id) ? 'open' : 'ended'}`]
        : []),
      ...votesMissing(evidence, request),
      ...NEVER_TWICE.filter((event) => times(request, event) > 1).map((event) => `${id} was ${event} twice`),
    ];
  });
}

const NEVER_TWICE = ['asked', 'applied', 'finished', 'rejected', 'cancelled', 'expired'] as const;

const times = ({ steps }: Request, name: string) => steps.filter(({ event }) => event === name).length;

/** Votes of the newest revision are what a release counted: after it there are none. */
function votesMissing({ namespaces }: Evidence, request: Request): string[] {
  const { id, plan, votes, requester, revision, steps, effect } = request;
  const isReleased = steps.some((step) => step.event === 'released' && step.revision === revision);
  if (!isReleased || effect === 'read') return [];
  const voters = new Set(votes.filter((vote) => vote.revision === revision).map(({ user }) => user));
  const byOthers = [...voters].filter((user) => user !== requester).length;
  switch (plan?.target.namespace) {
    case namespaces.confirm:
      return voters.has(requester) ? [] : [`${id} was released without its requester's word`];
    case namespaces.two:
      return byOthers >= 2 ? [] : [`${id} was released with ${byOthers} approvals instead of 2`];
    default:
      return byOthers >= 1 ? [] : [`${id} was released without an approval`];
  }
}
