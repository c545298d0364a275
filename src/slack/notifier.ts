import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Action } from '../actions/action.ts';
import { DomainError, NotFoundError } from '../errors.ts';
import { canBeTakenBack, type Request } from '../requests/request.ts';
import { type Notifier, RateLimited, type Requests, type Surfaces } from '../requests/requests.ts';
import { findLost } from './find-lost.ts';
import { createPlaces } from './places.ts';
import { showAnswer } from './show-answer.ts';
import { showCards } from './show-cards.ts';
import { showCopy } from './show-copy.ts';
import { giveUp, isLostForNow, tellLoss } from './show-loss.ts';
import { isTooEarly, showNotice } from './show-notice.ts';
import { showSteps } from './show-steps.ts';
import { freshSurface, type Showing, subjectOf } from './showing.ts';
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

/** Shows in one channel that are under way at once. */
const AT_ONCE = 40;
/** The same of reads' answers in all channels: each may be a megabyte, which is in memory more than once on its way. */
const ANSWERS = 10;

/**
 * Brings every surface of a request to its current state, however often it is called and wherever it was interrupted.
 * Errors: RateLimited and UnavailableError, to be tried again. What Slack refuses for good, or opsbot cannot put into
 * words, is logged, and the requester is told; it is tried again when the request changes, and now and then.
 */
export function createNotifier(deps: NotifierDependencies): Notifier {
  const inTurn = createTurns();
  const inPlace = createPlaces(AT_ONCE);
  const inHand = createPlaces(ANSWERS);
  return {
    show: (id) =>
      inTurn(id, async () => {
        const showing = await open(deps, id);
        if (!showing) return;
        const task = () => inPlace(showing.surface.channel, () => show(showing));
        await (isAnswerDue(showing) ? inHand('answers', task) : task());
      }),
  };
}

async function open(deps: NotifierDependencies, id: string): Promise<Showing | undefined> {
  const request = await deps.requests.get(id).catch(ignoringMissing);
  if (!request || isTooEarly(request, deps.now())) return undefined;
  return showingOf(deps, request);
}

function isAnswerDue({ request: { effect, state }, surface }: Showing): boolean {
  return effect === 'read' && state === 'succeeded' && !surface.answered;
}

async function show(showing: Showing): Promise<void> {
  await findLost(showing);
  await tellLoss(showing);
  if (!isLostForNow(showing)) await bringUpToDate(showing);
  await showCopy(showing);
}

async function bringUpToDate(showing: Showing): Promise<void> {
  try {
    await converge(showing);
    if (showing.surface.gone !== undefined) await showing.save({ gone: undefined, loss: undefined });
  } catch (error) {
    if (isPassing(error)) throw error;
    await giveUp(showing, error);
  }
}

/** Forgotten after its time: there is nothing left to show. */
function ignoringMissing(error: unknown): undefined {
  if (error instanceof NotFoundError) return undefined;
  throw error;
}

/** Slack or the database is away, or wants to be left alone. */
function isPassing(error: unknown): boolean {
  return error instanceof RateLimited || error instanceof DomainError;
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
    get headline() {
      return deps.headline(request);
    },
    get undoable() {
      return isUndoable(deps.actions, request);
    },
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
  await showNotice(showing);
  await showCards(showing);
  await showSteps(showing);
  await showAnswer(showing);
}
