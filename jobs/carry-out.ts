import type {
  Action,
  ActionContext,
  Applied,
  FollowContext,
  Outcome,
  Plan,
  Progress,
  Reading,
} from '../src/actions/action.ts';
import { actions as allActions, findAction } from '../src/actions/index.ts';
import { isTurnedOff, turnedOff } from '../src/actions/turned-off.ts';
import { ConflictError, type ErrorReport, NotAllowedError, toReport } from '../src/errors.ts';
import {
  type ExecuteOrder,
  ORDER_LAPSED,
  type Order,
  type PlanOrder,
  READING_LIMITS,
  type Report,
} from '../src/requests/order.ts';
import { OrderLapsedError, UnknownOutcomeError } from './apply.ts';
import { denialOf, ForeignOrderError, namespaceIn, requireOwnPatch } from './check-order.ts';
import type { LeaveEvent } from './leave-event.ts';

/**
 * Carries out one order and tells what came of it. Everything that a cluster says leaves here masked: no action can
 * forget to.
 */
export interface CarryOutDependencies {
  context(order: Order): Promise<ActionContext>;
  apply(order: ExecuteOrder, context: ActionContext): (plan: Plan) => Promise<Applied>;
  send(report: Report): Promise<void>;
  leaveEvent: LeaveEvent;
  mask(text: string): string;
  rights: AgentRights;
  /** Aborted when this process ends: it then reports nothing, and the hub sends the order to another. */
  stopping: AbortSignal;
  /** Called with what is no domain error: the log has to know. */
  onFault(error: unknown, order: Order): void;
  now(): number;
  /** What this agent does. Default: the registry. */
  actions?: readonly Action[] | undefined;
}

/** What this agent's account may do. */
export interface AgentRights {
  /** NotAllowedError where the action lacks a right there; without a namespace where it does so in each there can be. */
  requireRights(action: string, namespace: string | undefined, options: { signal: AbortSignal }): Promise<void>;
  /** Something was refused: perhaps a right was taken away. */
  suspect(): void;
}

/** Progress is reported at most so often, in ms: people read it on a phone. */
const PROGRESS_EVERY_MS = 1_000;

export function markerOf({ request, revision }: Pick<Order, 'request' | 'revision'>): string {
  return `${request}.${revision}`;
}

function actionOf(name: string): Action {
  const action = findAction(name);
  if (!action) throw new Error(`no action ${name}`);
  return action;
}

/** As much as a report may hold: one that says more would not be taken in. */
function fitting(reading: Reading): Reading {
  const { body } = reading;
  // Its end says what the file is.
  const filename = reading.filename.slice(-READING_LIMITS.filename);
  if (body.length <= READING_LIMITS.body) return { ...reading, filename };
  const lines = body.slice(0, body.lastIndexOf('\n', READING_LIMITS.body - 1) + 1);
  const note = ['Only the first 4 MiB are shown.', reading.note].filter(Boolean).join(' ');
  return { ...reading, filename, body: lines || body.slice(0, READING_LIMITS.body), note };
}

export function createCarryOut(deps: CarryOutDependencies) {
  const { send, mask, rights, actions = allActions } = deps;

  /** What people are told of an error; the log is told of a fault. */
  function reportOf(error: unknown, order: Order): ErrorReport {
    const report = toReport(error);
    if (report.kind === 'internal' || error instanceof ForeignOrderError) deps.onFault(error, order);
    if (report.kind === 'not-allowed') rights.suspect();
    return { ...report, message: mask(report.message), advice: report.advice && mask(report.advice) };
  }

  function sentence(error: unknown, order: Order): string {
    const { message, advice } = reportOf(error, order);
    return [message, advice].filter(Boolean).join(' ');
  }

  async function plan(order: PlanOrder): Promise<void> {
    const { request, revision } = order;
    try {
      const action = actionOf(order.action);
      if (isTurnedOff(action.name, actions)) throw turnedOff(action.name);
      const context = await deps.context(order);
      const input = action.input.parse(order.input);
      await rights.requireRights(action.name, namespaceIn(input), context);
      const made = await action.plan(context, input);
      await rights.requireRights(action.name, made.target.namespace, context);
      await send({ type: 'planned', request, revision, plan: made as Extract<Report, { type: 'planned' }>['plan'] });
    } catch (error) {
      if (deps.stopping.aborted) return; // another process plans it
      await send({ type: 'plan-failed', request, revision, error: reportOf(error, order) });
    }
  }

  async function read(order: ExecuteOrder, action: Action): Promise<void> {
    const { request, revision } = order;
    const context = await deps.context(order);
    const denial = denialOf(order, { isOff: isTurnedOff(action.name, actions), context });
    if (denial) throw denial;
    await rights.requireRights(action.name, order.plan.target.namespace, context);
    const reading: Reading | undefined = await action.read?.(context, order.plan);
    if (!reading) throw new Error(`${action.name} cannot read`);
    const masked = { ...reading, headline: mask(reading.headline), body: mask(reading.body) };
    await send({ type: 'read', request, revision, reading: fitting(masked) });
  }

  async function change(order: ExecuteOrder, action: Action): Promise<void> {
    const { request, revision } = order;
    const context = await deps.context(order);
    if (!action.execute || !action.follow) throw new Error(`${action.name} cannot change anything`);
    requireOwnPatch(order, action);
    const denial = denialOf(order, { isOff: isTurnedOff(action.name, actions), context });
    // What another agent has begun is still followed to its end; nothing new is begun.
    const apply = deps.apply(denial ? { ...order, validUntil: 0 } : order, context);
    const execution = order.applied ?? action.execute({ ...context, apply }, order.plan);
    const applied = await Promise.resolve(execution).catch((error: unknown) => {
      throw error instanceof OrderLapsedError && denial ? denial : error;
    });
    const { generation } = applied;
    // Nobody waits for it but the end of the order.
    const event = denial ? undefined : deps.leaveEvent(order, action, context.signal);
    await send({ type: 'applied', request, revision, generation });
    const steps = action.follow({ ...context, applied } satisfies FollowContext, order.plan);
    const outcome = await follow(order, steps).catch((error: unknown) => notFollowed(error, order));
    await send({ type: 'finished', request, revision, generation, outcome: { ...outcome, text: mask(outcome.text) } });
    await event;
  }

  /** The change is in the cluster by then: whatever goes wrong, nobody may be told that nothing was changed. */
  function notFollowed(error: unknown, order: ExecuteOrder): Outcome {
    if (deps.stopping.aborted) throw error;
    const why = sentence(error, order);
    return {
      result: 'failed',
      reason: 'NotFollowed',
      text: `The change was applied, but opsbot lost sight of it: ${why}`,
    };
  }

  async function follow(
    { request, revision }: ExecuteOrder,
    steps: AsyncGenerator<Progress, Outcome>,
  ): Promise<Outcome> {
    let reportedAt = 0;
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
      if (deps.now() - reportedAt < PROGRESS_EVERY_MS) continue;
      reportedAt = deps.now();
      await send({ type: 'progressed', request, revision, progress: { ...step.value, text: mask(step.value.text) } });
    }
  }

  /** An error that gets here came before anything was applied, unless it says that this is unknown. */
  async function execute(order: ExecuteOrder): Promise<void> {
    const { request, revision, attempt } = order;
    const action = actionOf(order.action);
    try {
      await (order.effect === 'read' ? read(order, action) : change(order, action));
    } catch (error) {
      if (deps.stopping.aborted) return; // another process goes on from the journal
      if (error instanceof UnknownOutcomeError) {
        return send({ type: 'lost', request, revision, attempt, reason: error.message });
      }
      if (error instanceof ConflictError && order.effect === 'change') {
        return send({ type: 'drifted', request, revision, attempt, reason: error.message });
      }
      await send({ type: 'finished', request, revision, attempt, outcome: failure(error, order) });
    }
  }

  function failure(error: unknown, order: ExecuteOrder): Outcome {
    if (error instanceof OrderLapsedError) return ORDER_LAPSED;
    const { kind } = toReport(error);
    const reason = error instanceof NotAllowedError ? 'Forbidden' : kind;
    const isUntouched = order.effect === 'change' && kind !== 'internal';
    const text = [sentence(error, order), isUntouched && 'Nothing was changed.'].filter(Boolean).join(' ');
    return { result: 'failed', reason, text };
  }

  return (order: Order): Promise<void> => (order.type === 'plan' ? plan(order) : execute(order));
}
