import { actions, findAction } from '../../src/actions/index.ts';
import { canBeTakenBack, type Request } from '../../src/requests/request.ts';
import type { RequestSurface } from '../../src/requests/requests.ts';
import { headlines } from '../../views/headline.ts';
import { requestCard } from '../../views/request.ts';
import { stepLine } from '../../views/steps.ts';
import type { Block } from '../support/slack/types.ts';
import type { Evidence, Said } from './evidence.ts';

const headlineOf = headlines(actions);

/** Every message says what is so, each thing is said once and in its order, and Home is as fresh as if it were opened now. */
export function aboutTheSurfaces(evidence: Evidence): string[] {
  const { requests, surfaces, messages, homes } = evidence;
  return [
    ...requests.flatMap((request) => {
      const own = messages.filter((message) => message.request === request.id);
      const surface = surfaces[request.id];
      const faults = surface ? aboutRequest(request, surface, own) : ['it is shown nowhere'];
      return faults.map((fault) => `${request.id}: ${fault}`);
    }),
    ...toldTwice(evidence),
    ...(homes && homes.shown !== homes.fresh ? [`Home shows\n${homes.shown}\ninstead of\n${homes.fresh}`] : []),
  ];
}

function aboutRequest(request: Request, surface: RequestSurface, own: readonly Said[]): string[] {
  return [
    ...twice(own.map(({ part }) => part ?? '')).map((part) => `${part} was posted twice`),
    ...own.filter(({ part }) => part === 'notice').map(() => 'it still says that it is being looked at'),
    ...aboutCards(request, surface, own),
    ...aboutSteps(request, surface, own),
    ...aboutAnswer(request, surface, own),
  ];
}

const twice = (all: readonly string[]) => [...new Set(all.filter((one, at) => all.indexOf(one) !== at))];

function aboutCards(request: Request, { cards }: RequestSurface, own: readonly Said[]): string[] {
  const shown = own.filter(({ part }) => part?.startsWith('card-'));
  const stored = cards.filter(({ revision }) => revision > 0);
  const isDecided = request.steps.some(({ event }) => event === 'voted' || event === 'rejected' || event === 'expired');
  return [
    ...(isDecided && stored.length === 0 ? ['it has no card'] : []),
    ...shown.filter(({ ts }) => !stored.some((card) => card.ts === ts)).map(({ part }) => `${part} is nobody's`),
    ...stored.flatMap(({ revision, ts }) => {
      const message = shown.find((one) => one.ts === ts);
      return message ? aboutCard(request, revision, message) : [`card-${revision} is not there`];
    }),
  ];
}

function aboutCard(request: Request, revision: number, message: Said): string[] {
  const undo = request.plan && findAction(request.action)?.undo?.(request.plan);
  const undoable = canBeTakenBack(request) && undo !== undefined;
  const card = {
    request,
    revision,
    headline: headlineOf(request),
    now: request.updatedAt,
    clusterShown: false,
    undoable,
  };
  const expected = requestCard(card);
  const [is, should] = [contentOf(message.blocks), contentOf(expected.blocks as Block[])];
  return is === should ? [] : [`card-${revision} shows\n${is}\ninstead of\n${should}`];
}

/** Slack gives ids to blocks that have none. */
function contentOf(blocks: readonly Block[]): string {
  return JSON.stringify(blocks.map(({ block_id: _, ...block }) => block));
}

function aboutSteps(request: Request, { cards }: RequestSurface, own: readonly Said[]): string[] {
  const lines = own.filter(({ part }) => part?.startsWith('step-')).map(({ text }) => text);
  const hasThread = cards.some(({ revision }) => revision > 0);
  const expected = hasThread ? request.steps.flatMap((step) => stepLine({ request, step }) ?? []) : [];
  if (JSON.stringify(lines) === JSON.stringify(expected)) return [];
  return [`its thread says\n  ${lines.join('\n  ')}\ninstead of\n  ${expected.join('\n  ')}`];
}

/** The answer to a read stands where it was asked for, or went to whoever asked alone. */
function aboutAnswer({ effect, state, origin }: Request, { answered }: RequestSurface, own: readonly Said[]): string[] {
  if (effect === 'change' || state !== 'succeeded') return [];
  const isThere = origin.ephemeralTo !== undefined || own.some(({ part }) => part === 'answer');
  return answered && isThere ? [] : ['what was read is not answered'];
}

/**
 * A gesture that Slack delivered twice may be answered twice. So may a read whose answer one person alone sees: where Slack's
 * word that it is there was lost, nobody can look, and once more is better than not at all. Nothing else may.
 */
function toldTwice({ whispers, messages, heard, requests }: Evidence): string[] {
  const readsOf = (user: string) => requests.filter(({ origin }) => origin.ephemeralTo === user).length;
  const alone = whispers.map(({ to, text }) => ({ to, text }));
  const inThreads = messages.flatMap(({ part, thread, text }) =>
    part === undefined && thread ? [{ to: thread, text }] : [],
  );
  const counts = new Map<string, { to: string; text: string; times: number }>();
  for (const { to, text } of [...alone, ...inThreads]) {
    const key = `${to} ${text}`;
    counts.set(key, { to, text, times: (counts.get(key)?.times ?? 0) + 1 });
  }
  return [...counts.values()]
    .filter(({ to, times }) => times > Math.max(1, heard[to] ?? 0) + readsOf(to))
    .map(({ to, text, times }) => `${to} was told ${times} times: ${text}`);
}
