import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import { endedMessage, errorMessage } from '../../views/answers.ts';
import type { Action } from '../actions/action.ts';
import { NotFoundError, UnavailableError } from '../errors.ts';
import { canBeTakenBack, isTerminal, type Request } from '../requests/request.ts';
import { type Notifier, RateLimited, type Requests, type Surfaces } from '../requests/requests.ts';
import { showAnswer } from './show-answer.ts';
import { showCards } from './show-cards.ts';
import { isTooEarly, showNotice } from './show-notice.ts';
import { showSteps } from './show-steps.ts';
import { freshSurface, type Showing, subjectOf } from './showing.ts';
import { isGone, slackCode } from './slack-errors.ts';
import { tell } from './tell.ts';
import { createTurns } from './turns.ts';

export interface NotifierDependencies {
  requests: Pick<Requests, 'get'>;
  surfaces: Surfaces;
  actions: readonly Action[];
  headline: (request: Request) => string;
  /** Name of the cluster that need not be named. */
  cluster: string;
  slack: WebClient;
  log: Logger;
  now: () => number;
}

/**
 * Brings every surface of a request to its current state, however often it is called and wherever it was interrupted.
 * Errors: RateLimited and UnavailableError, to be tried again. What Slack refuses for good is logged, and the requester
 * is told where nobody can see the request.
 */
export function createNotifier(deps: NotifierDependencies): Notifier {
  const inTurn = createTurns();
  return { show: (id) => inTurn(id, () => show(deps, id)) };
}

async function show(deps: NotifierDependencies, id: string): Promise<void> {
  const request = await deps.requests.get(id).catch(ignoringMissing);
  if (!request || isTooEarly(request, deps.now())) return;
  const showing = await showingOf(deps, request);
  try {
    await converge(showing);
  } catch (error) {
    if (isPassing(error)) throw error;
    deps.log.error({ request: id, err: error }, 'a request cannot be shown');
    if (isGone(error)) await giveUp(showing, slackCode(error) ?? 'gone');
  }
}

/** Forgotten after its time: there is nothing left to show. */
function ignoringMissing(error: unknown): undefined {
  if (error instanceof NotFoundError) return undefined;
  throw error;
}

function isPassing(error: unknown): boolean {
  // What is not Slack's refusal (a database that is away, say) is worth another try as well.
  return error instanceof RateLimited || error instanceof UnavailableError || slackCode(error) === undefined;
}

async function showingOf(deps: NotifierDependencies, request: Request): Promise<Showing> {
  let surface = (await deps.surfaces.get(request.id)) ?? freshSurface(request);
  const { surfaces, slack, log, now } = deps;
  return {
    request,
    subject: subjectOf(request),
    get surface() {
      return surface;
    },
    async save(change) {
      surface = { ...surface, ...change };
      await surfaces.put(request.id, surface);
    },
    headline: deps.headline(request),
    undoable: isUndoable(deps.actions, request),
    clusterShown: request.cluster !== deps.cluster,
    surfaces,
    slack,
    log,
    now,
  };
}

function isUndoable(actions: readonly Action[], request: Request): boolean {
  const undo = actions.find((action) => action.name === request.action)?.undo;
  return canBeTakenBack(request) && request.plan !== undefined && undo?.(request.plan) !== undefined;
}

async function converge(showing: Showing): Promise<void> {
  if (showing.surface.gone !== undefined) return tellOutcome(showing);
  await showNotice(showing);
  await showCards(showing);
  await showSteps(showing);
  await showAnswer(showing);
}

/** The channel cannot be used: the requester learns it, and what to do about it. */
async function giveUp(showing: Showing, code: string): Promise<void> {
  const { request, slack, surface } = showing;
  const advice =
    code === 'not_in_channel' || code === 'channel_not_found'
      ? 'Invite opsbot to the channel with /invite @opsbot, then ask again.'
      : 'Ask again in another channel.';
  const message = `opsbot cannot post “${showing.headline}” in the channel where it belongs (${code}).`;
  await tell(slack, { user: request.requester }, errorMessage({ kind: 'unavailable', message, advice })).catch(
    (error: unknown) => {
      if (isPassing(error)) throw error;
      showing.log.warn({ request: request.id, err: error }, 'the requester cannot be told either');
    },
  );
  await showing.save({ gone: `${code} in ${surface.channel}` });
}

/** A change may have been approved before its channel was lost: then its requester still learns how it ended. */
async function tellOutcome(showing: Showing): Promise<void> {
  const { request, slack, surface } = showing;
  if (surface.answered || !isTerminal(request.state)) return;
  await tell(slack, { user: request.requester }, endedMessage(request, showing.headline));
  await showing.save({ answered: true });
}
