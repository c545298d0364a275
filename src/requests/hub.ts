import type { Action, Plan, Reading } from '../actions/action.ts';
import { actions as allActions } from '../actions/index.ts';
import { isTurnedOff, turnedOff } from '../actions/turned-off.ts';
import type { PolicyRule } from '../config.ts';
import { type ErrorReport, UnavailableError } from '../errors.ts';
import { regarding } from '../telemetry/work.ts';
import type { Change, Changed, Decision } from './change.ts';
import { load } from './change.ts';
import { planDigest } from './digest.ts';
import { countingVotes } from './eligibility.ts';
import { endOfTries, endOfWait, ORDER_VALID_MS } from './end-of-order.ts';
import type { Report } from './order.ts';
import { requirementOf, votesMissing } from './policy.ts';
import type { Actor, Event, Request, Requirement, Vote } from './request.ts';
import type { People } from './requests.ts';
import type { Store } from './store.ts';

/** What the hub does without a person: it takes agents' reports, releases what is approved, and ends what is late. */
export interface Hub {
  /** Takes in what an agent reports; what does not fit the request as it is now is dropped. */
  report(report: Report): Promise<void>;
  /** Sends an approved request to its agent, if policy still agrees and nobody else changes the workload. */
  release(id: string): Promise<void>;
  /** Ends a request whose deadline has passed. */
  expire(id: string): Promise<void>;
  /**
   * To be called while the order waits for an agent: ends the request once none may begin with it any more, or once it
   * was waited for in vain for long. `isBegun`: an agent had begun with it, and is gone.
   */
  lapse(id: string, isBegun?: boolean): Promise<void>;
  /** Tells people why a request does not get on; once for each reason. */
  hinder(id: string, reason: string): Promise<void>;
  /** Sends the order again after its agent went away; ends the request where too many have. */
  resume(id: string): Promise<void>;
}

export interface HubDependencies {
  store: Store;
  change: Change;
  people: People;
  rules: readonly PolicyRule[];
  allowsNamespace(namespace: string): boolean;
  /** What may be done. Default: the registry. */
  actions?: readonly Action[] | undefined;
  /** Keeps a read's answer until it is shown. */
  keepReading(id: string, reading: Reading): Promise<void>;
  now(): number;
}

function planProblem(
  request: Request,
  plan: Plan,
  allowsNamespace: (namespace: string) => boolean,
): ErrorReport | undefined {
  const fits = plan.action === request.action && (request.effect === 'change') === (plan.patch !== null);
  if (!fits) return { kind: 'internal', message: 'The agent planned something else than what was asked for.' };
  if (!allowsNamespace(plan.target.namespace)) {
    return { kind: 'not-allowed', message: untouchable(plan.target.namespace) };
  }
  return undefined;
}

function untouchable(namespace: string): string {
  return `opsbot is not configured to touch the namespace ${namespace}.`;
}

/** Said once, however often it is found out, and however often two reasons take turns. */
function hindrance({ hindrance, steps }: Request, by: Actor, reason: string): Event[] {
  const since = steps.findLastIndex(({ event }) => event !== 'hindered') + 1;
  const isSaid = hindrance !== undefined && steps.slice(since).some(({ detail }) => detail === reason);
  return isSaid ? [] : [{ type: 'hindered', by, reason }];
}

/** Reports may overtake each other, and come twice: the first that knows of the change says so. */
function applied(request: Request, generation: number | undefined): Event[] {
  return generation === undefined || request.applied ? [] : [{ type: 'applied', by: 'agent', generation }];
}

/**
 * Whether a report is about something that is over. What an attempt has not changed, the next one may be changing: only
 * the latest can say that nothing was changed, or that nobody knows. What is in the cluster, any of them can say.
 */
function isLate(report: Report, { revision, order }: Request): boolean {
  if (report.revision !== revision) return true;
  if ('generation' in report && report.generation !== undefined) return false;
  return 'attempt' in report && report.attempt !== undefined && report.attempt !== order?.attempt;
}

export function createHub(deps: HubDependencies): Hub {
  const { store, change, people, rules, actions = allActions, now } = deps;

  function requirementFor(request: Request, plan: Plan): Requirement {
    const { kind, namespace, name } = plan.target;
    if (!deps.allowsNamespace(namespace)) {
      return { mode: 'deny', rule: 'the configured namespaces', reason: untouchable(namespace) };
    }
    if (isTurnedOff(request.action, actions)) {
      return { mode: 'deny', rule: 'the configured actions', reason: turnedOff(request.action).message };
    }
    return requirementOf(rules, {
      action: request.action,
      effect: request.effect,
      cluster: request.cluster,
      namespace,
      workload: kind === 'Namespace' ? '' : name,
      requester: request.requester,
    });
  }

  function proposal(request: Request, plan: Plan): Event[] {
    const problem = planProblem(request, plan, deps.allowsNamespace);
    if (problem) return [{ type: 'plan-failed', by: 'opsbot', error: problem }];
    const requirement = requirementFor(request, plan);
    if ('reasonRequired' in requirement && requirement.reasonRequired && !request.reason) {
      const message = `This needs a reason (${requirement.rule}).`;
      const advice = 'Ask again with `--reason "why"`, or fill in Reason.';
      return [{ type: 'plan-failed', by: 'opsbot', error: { kind: 'input', message, advice, field: 'reason' } }];
    }
    const digest = planDigest(request.cluster, plan, request.revision);
    return [
      { type: 'planned', by: 'agent', plan, digest },
      { type: 'decided', by: 'opsbot', requirement },
    ];
  }

  /** Ignores what is late. */
  async function about(report: Report, decide: (request: Request) => Decision): Promise<Changed> {
    return change(report.request, (request) => (isLate(report, request) ? { events: [] } : decide(request)));
  }

  /** Once nothing is under way any more, whoever waited for the same workload may go. */
  async function wake(changed: Changed): Promise<void> {
    if (!changed.changed) return;
    const open = await store.loadAll(await store.openIds(1_000));
    for (const { id, waitingFor } of open) {
      if (waitingFor === changed.request.id) await regarding({ request: id }, () => release(id));
    }
  }

  async function take(report: Report): Promise<void> {
    const by = 'agent' as const;
    switch (report.type) {
      case 'planned':
        await about(report, (request) => ({ events: proposal(request, report.plan as Plan) }));
        return;
      case 'plan-failed':
        await about(report, () => ({ events: [{ type: 'plan-failed', by, error: report.error }] }));
        return;
      case 'applied':
        await wake(
          await about(report, (request) => ({
            events: applied(request, report.generation),
            lock: 'free',
          })),
        );
        return;
      case 'progressed':
        await about(report, () => ({ events: [{ type: 'progressed', by, progress: report.progress }] }));
        return;
      case 'read':
        await deps.keepReading(report.request, { ...report.reading, note: report.reading.note });
        await about(report, () => ({
          events: [{ type: 'finished', by, outcome: { result: 'succeeded', text: report.reading.headline } }],
        }));
        return;
      case 'finished':
        await wake(
          await about(report, (request) => ({
            events: [...applied(request, report.generation), { type: 'finished', by, outcome: report.outcome }],
            lock: 'free',
          })),
        );
        return;
      case 'drifted': {
        const { reason } = report;
        const events: Event[] = [
          { type: 'drifted', by, reason },
          { type: 'replanning', by: 'opsbot' },
        ];
        await wake(await about(report, () => ({ events, lock: 'free' })));
        return;
      }
      case 'lost':
        await wake(
          await about(report, () => ({ events: [{ type: 'lost', by, reason: report.reason }], lock: 'free' })),
        );
        return;
      case 'hindered':
        // This report may be overtaken by the one that says that it was applied after all.
        await about(report, (request) => ({
          events: request.state === 'executing' && !request.applied ? hindrance(request, by, report.reason) : [],
        }));
        return;
      case 'left': {
        if (!isLate(report, await load(store, report.request))) await resume(report.request);
        return;
      }
    }
  }

  /** Policy, groups and votes as they are at this moment. */
  async function judge(request: Request): Promise<{ votes: Vote[]; decision: Decision | undefined }> {
    if (!request.plan) return { votes: [], decision: { events: [] } };
    const requirement = requirementFor(request, request.plan);
    if (requirement.mode === 'deny') {
      const events: Event[] = [{ type: 'denied', by: 'opsbot', requirement, reason: requirement.reason }];
      return { votes: [], decision: { events } };
    }
    const votes = await countingVotes(request, requirement, people);
    if (votesMissing(requirement, votes) === 0) return { votes, decision: undefined };
    const reason = 'an approval does not count any more';
    return { votes, decision: { events: [{ type: 'reopened', by: 'opsbot', reason, requirement, votes }] } };
  }

  async function release(id: string): Promise<void> {
    const seen = await load(store, id);
    if (seen.state !== 'approved') return;
    const { votes, decision } = await judge(seen).catch(async (error: unknown) => {
      if (error instanceof UnavailableError) await hinder(id, error.message);
      throw error;
    });
    const released = await change(id, (request) => {
      // What was judged is this version's votes and plan; another version is another intent's business.
      if (request.version !== seen.version) return { events: [] };
      if (request.expiresAt !== undefined && now() >= request.expiresAt)
        return { events: [{ type: 'expired', by: 'opsbot' }] };
      if (decision) return decision;
      const event: Event = { type: 'released', by: 'opsbot', validUntil: now() + ORDER_VALID_MS, votes };
      return request.effect === 'change' ? { events: [event], lock: 'take' } : { events: [event] };
    });
    if (released.lockedBy !== undefined) await wait(released.request, released.lockedBy);
  }

  /** A holder that is gone, or has nothing under way any more, holds nothing: the next look finds the workload free. */
  async function wait({ id, cluster, plan }: Request, holder: string): Promise<void> {
    const holding = await store.load(holder);
    if (holding?.state !== 'executing') {
      const of = { cluster, uid: plan?.target.uid ?? 'none' };
      return store.freeLock(of, { id: holder, version: holding?.version });
    }
    await change(id, (request) => ({
      events:
        request.waitingFor === holder && !request.hindrance ? [] : [{ type: 'waiting', by: 'opsbot', for: holder }],
    }));
  }

  async function expire(id: string): Promise<void> {
    await change(id, (request) => {
      const late = request.expiresAt !== undefined && now() >= request.expiresAt;
      return { events: late ? [{ type: 'expired', by: 'opsbot' }] : [] };
    });
  }

  async function resume(id: string): Promise<void> {
    const seen = await load(store, id);
    if (seen.state !== 'executing') return;
    if (endOfTries(seen)) return end(id, endOfTries);
    // What is in the cluster is only followed: for that nobody has to be asked who may do it, of a Slack that is away.
    const mayBegin = !seen.applied && !(await judge(seen)).decision;
    const validUntil = mayBegin ? now() + ORDER_VALID_MS : 0;
    await change(id, (request) => ({
      events: request.version === seen.version ? [{ type: 'resumed', by: 'opsbot', validUntil }] : [],
    }));
  }

  /** Ends what agents have been waited for long enough. */
  async function end(id: string, endOf: (request: Request) => Event | undefined): Promise<void> {
    const ended = await change(id, (request) => {
      const event = request.state === 'executing' ? endOf(request) : undefined;
      return event ? { events: [event], lock: 'free' } : { events: [] };
    });
    await wake(ended);
  }

  const lapse = (id: string, isBegun = false) => end(id, (request) => endOfWait(request, isBegun, now()));

  async function hinder(id: string, reason: string): Promise<void> {
    await change(id, (request) => ({ events: hindrance(request, 'opsbot', reason) }));
  }

  return { report: take, release, expire, lapse, resume, hinder };
}
