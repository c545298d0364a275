import type { Request, Step } from '../src/requests/request.ts';
import { actorName, sentence, stateMark } from './request-state.ts';
import { code, short } from './text.ts';

/** The thread's line for a step, mrkdwn; undefined where the step deserves none. */
export function stepLine({ request, step }: { request: Request; step: Step }): string | undefined {
  const words = stepWords(request, step);
  return words && `${markOf(step)} ${words}`;
}

function stepWords(request: Request, step: Step): string | undefined {
  const who = actorName(step.actor);
  switch (step.event) {
    // The card itself says so, or the next step follows within a moment.
    case 'asked':
    case 'planned':
    case 'decided':
    case 'progressed':
    case 'replanning':
      return undefined;
    case 'plan-failed':
      return detailed('This cannot be done', step);
    case 'voted':
      return step.state === 'approved' ? `${who} approved. That is enough.` : `${who} approved.`;
    case 'withdrawn':
      return step.state === 'pending'
        ? `${who} took the approval back. More are needed now.`
        : `${who} took the approval back.`;
    case 'rejected':
      return told(`${who} rejected this`, step);
    case 'cancelled':
      return told(`${who} cancelled this`, step);
    case 'expired':
      return `Expired: ${short(request.ended?.reason ?? 'nobody decided in time', 1000).replace(/\.$/, '')}. Nothing was changed.`;
    case 'reopened':
      return detailed('Approval is needed again', step);
    case 'denied':
      return detailed('Not allowed', step);
    case 'waiting':
      return `Waits for request ${code(step.detail ?? '', 60)}: one change at a time for each workload.`;
    case 'hindered':
      // While there is no plan, the notice itself says so.
      return step.state === 'received' ? undefined : detailed('Held up', step);
    case 'released':
      return request.effect === 'change' ? 'Started.' : undefined;
    case 'resumed':
      return 'The agent was away for a moment; finding out how far it got.';
    case 'drifted':
      return `${detailed('The plan is out of date', step)} Nothing was changed. A new plan follows.`;
    case 'applied':
      return 'The cluster has taken the change. Watching the pods.';
    case 'finished':
      return finished(request, step);
    case 'lost':
      return `${detailed('It is not known whether the change was made', step)} Look at the workload, then say so with the buttons above.`;
    case 'settled':
      return `${who} says: ${step.state === 'succeeded' ? 'it was done' : 'it was not done'}.`;
  }
}

function markOf(step: Step): string {
  switch (step.event) {
    case 'voted':
      return ':+1:';
    case 'withdrawn':
      return ':leftwards_arrow_with_hook:';
    case 'waiting':
    case 'hindered':
      return ':hourglass_flowing_sand:';
    case 'drifted':
      return stateMark('stale');
    case 'released':
    case 'resumed':
    case 'applied':
      return stateMark('executing');
    default:
      return stateMark(step.state);
  }
}

function finished({ effect, outcome }: Request, step: Step): string | undefined {
  // A read's answer, or the message that says why there is none, stands right beside.
  if (effect === 'read') return undefined;
  const text = sentence(short(step.detail ?? '', 1000));
  if (step.state !== 'failed') return `Done. ${text}`;
  const reason = outcome?.result === 'failed' ? `${code(outcome.reason, 200)} ` : '';
  return `Failed: ${reason}${text}`;
}

/** In the person's own words, as the request shows them. */
function told(words: string, { detail }: Step): string {
  return detail?.trim() ? `${words}: ${short(detail.trim(), 1000)}` : `${words}.`;
}

function detailed(words: string, { detail }: Step): string {
  return detail?.trim() ? `${words}: ${sentence(short(detail.trim(), 1000))}` : `${words}.`;
}
