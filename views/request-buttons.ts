import { Actions, Button, ConfirmationDialog } from 'slack-block-builder';
import type { Request } from '../src/requests/request.ts';
import { encodeRequest, IDS } from './ids.ts';
import { diffLine } from './plan.ts';
import { cut, short } from './text.ts';

/** The buttons that a request's state allows; undefined where it allows none. */
export function requestButtons(request: Request, headline: string, undoable: boolean) {
  const buttons = buttonsOf(request, headline, undoable);
  return buttons.length === 0 ? undefined : Actions().elements(...buttons);
}

function buttonsOf(request: Request, headline: string, undoable: boolean) {
  const value = encodeRequest({ requestId: request.id, revision: request.revision });
  const button = (text: string, actionId: string) => Button({ text, actionId, value });
  switch (request.state) {
    case 'pending':
      return [...voteButtons(request, headline), button('Cancel', IDS.request.cancel)];
    case 'approved':
      return request.effect === 'change' ? [button('Cancel', IDS.request.cancel)] : [];
    case 'unknown':
      return [
        button('It was done', IDS.request.settleSucceeded),
        button('It was not done', IDS.request.settleFailed).danger(),
      ];
    case 'expired':
      return [button('Ask again', IDS.request.askAgain)];
    case 'succeeded':
      return undoable ? [button('Undo', IDS.request.undo)] : [];
    case 'failed':
      return undoable && request.applied ? [button('Undo', IDS.request.undo)] : [];
    case 'received':
    case 'invalid':
    case 'proposed':
    case 'denied':
    case 'rejected':
    case 'cancelled':
    case 'stale':
    case 'executing':
      return [];
  }
}

/** Approve and Reject, for whoever has the plan in view. */
export function voteButtons(request: Request, headline: string) {
  const value = encodeRequest({ requestId: request.id, revision: request.revision });
  const reject = Button({ text: 'Reject', actionId: IDS.request.reject, value }).danger();
  return [approveButton(request, headline, value), reject];
}

/** A plan with warnings asks once more, with the change in the dialog: a phone in a pocket must not scale to 0. */
function approveButton({ plan }: Request, headline: string, value: string) {
  const button = Button({ text: 'Approve', actionId: IDS.request.approve, value }).primary();
  const [gravest] = plan?.warnings ?? [];
  if (!plan || gravest === undefined) return button;
  const words = [cut(headline, 100), cut(diffLine(plan.diff), 80), cut(gravest, 110)].filter(Boolean).join('\n');
  // Slack takes no dialog without a text, and a warning may be empty.
  const text = short(words, 300).trim() || 'There is a warning about it.';
  return button.confirm(
    ConfirmationDialog({ title: 'Approve this?', confirm: 'Approve', deny: 'Not yet' }).text(text).danger(),
  );
}
