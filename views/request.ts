import { Context, Section } from 'slack-block-builder';
import type { Request } from '../src/requests/request.ts';
import { built, type Message } from './blocks.ts';
import { diffLine, planText } from './plan.ts';
import { requestButtons } from './request-buttons.ts';
import { hindranceSentence, progressLine, stateMark, stateSentence, stateWord } from './request-state.ts';
import { missingLine, votesLine } from './request-votes.ts';
import { code, mention, quoted, short, when } from './text.ts';

export interface RequestCard {
  request: Request;
  /** The revision that this message shows; an older one than the request's is shown as replaced. Default: the newest. */
  revision?: number | undefined;
  /** In the action's words (`headlines(actions)(request)`), plain text. */
  headline: string;
  /** ms since the epoch. */
  now: number;
  /** Name the cluster (several clusters behind one app). */
  clusterShown: boolean;
  /** Who still has to approve, mrkdwn; e.g. `Needs 1 more approval from <!subteam^S1>.` Absent: worded from the requirement. */
  votesMissing?: string | undefined;
  /** Offer Undo once the change was made. */
  undoable?: boolean | undefined;
}

/** The message of one revision of a request. */
export function requestCard(card: RequestCard): Message {
  const { request, revision = request.revision } = card;
  if (revision !== request.revision) return replacedCard(card);
  if (isQuietRead(request)) return readLine(card);
  return {
    text: notification(card),
    blocks: built(
      Section({ text: title(card) }),
      ...optional(planText(request.plan)),
      ...optional(request.reason && `*Why*\n${quoted(request.reason, 1500)}`),
      ...optional(situation(card)),
      Context().elements(footer(card)),
      requestButtons(request, card.headline, card.undoable ?? false),
    ),
  };
}

function optional(text: string | undefined) {
  return text ? [Section({ text })] : [];
}

/** A read is not worth a card: its answer follows. One that somebody must allow, or that went wrong, is. */
function isQuietRead({ effect, state }: Request): boolean {
  if (effect === 'change') return false;
  return ['received', 'proposed', 'approved', 'executing', 'succeeded'].includes(state);
}

function readLine({ request, headline, clusterShown }: RequestCard): Message {
  const where = clusterShown ? ` on ${code(request.cluster, 100)}` : '';
  const text = `${short(headline, 400)}${where}, asked by ${mention(request.requester)}`;
  const lines = [`${stateMark(request.state)} ${text}`, hindranceSentence(request)].filter(
    (line) => line !== undefined,
  );
  return {
    text: `${stateWord(request)}: ${short(headline, 400)}`,
    blocks: built(Context().elements(lines.join('\n'))),
  };
}

function replacedCard({ request, headline }: RequestCard): Message {
  const text =
    'The cluster changed meanwhile, so this plan will not be carried out. The newest message has the new plan.';
  return {
    text: `Replaced: ${short(headline, 400)}`,
    blocks: built(
      Section({ text: `${stateMark('stale')} *Replaced*\n*${short(headline, 400)}*\n${text}` }),
      Context().elements(`Request ${code(request.id, 60)}, asked by ${mention(request.requester)}`),
    ),
  };
}

/** The lock screen shows little: what is wanted of the reader, then what, then how much. */
function notification({ request, headline }: RequestCard): string {
  const lead = request.state === 'pending' ? 'Approve?' : `${stateWord(request)}:`;
  const diff = diffLine((request.plan?.diff ?? []).slice(0, 3));
  const what = diff === '' ? short(headline, 400) : `${short(headline, 400)} (${short(diff, 200)})`;
  return request.state === 'pending' ? `${lead} ${what}, asked by ${mention(request.requester)}` : `${lead} ${what}`;
}

function title({ request, headline, clusterShown }: RequestCard): string {
  const where = clusterShown ? ` on cluster ${code(request.cluster, 100)}` : '';
  const asked = `Asked by ${mention(request.requester)}${where}${request.undoOf ? `, to take back ${code(request.undoOf, 60)}` : ''}`;
  return `${stateMark(request.state)} *${stateWord(request)}*\n*${short(headline, 400)}*\n${asked}`;
}

/** Where it stands: what the state means, how far it is, whose word is missing. */
function situation({ request, votesMissing }: RequestCard): string {
  const pending = request.state === 'pending';
  const lines = [
    stateSentence(request),
    request.state === 'executing' && request.progress ? progressLine(request.progress) : undefined,
    votesLine(request),
    pending ? (votesMissing ?? missingLine(request)) : undefined,
  ];
  return lines.filter((line) => line !== undefined).join('\n');
}

function footer({ request, now }: RequestCard): string {
  const revision = request.revision > 1 ? `, revision ${request.revision}` : '';
  const id = `Request ${code(request.id, 60)}${revision}`;
  if (request.state !== 'pending') return `${id}, asked ${when(request.createdAt)}`;
  const { expiresAt } = request;
  const expires = expiresAt === undefined ? '' : `${expiresAt > now ? 'Expires' : 'Expired'} ${when(expiresAt)}. `;
  return `${expires}${id}. Here in the thread, \`approve\` or \`reject why\` works too, or :white_check_mark: / :x: on this message.`;
}
