import { expect } from 'vitest';
import { createApply } from '../../jobs/apply.ts';
import type { Fence } from '../../jobs/fence.ts';
import { createLeaveEvent } from '../../jobs/leave-event.ts';
import type { Action, ActionContext, Plan } from '../../src/actions/action.ts';
import { createActions, findAction } from '../../src/actions/index.ts';
import { NotAllowedError } from '../../src/errors.ts';
import { diagnose } from '../../src/incidents/diagnose.ts';
import type { Diagnosis } from '../../src/incidents/diagnosis.ts';
import type { Finding } from '../../src/incidents/finding.ts';
import type { ClusterClient } from '../../src/kubernetes/client.ts';
import type { WorkloadKind } from '../../src/kubernetes/cluster.ts';
import { createLease } from '../../src/kubernetes/lease.ts';
import { type Logger, silentLogger } from '../../src/kubernetes/logger.ts';
import type { Rest } from '../../src/kubernetes/rest.ts';
import { createSnapshot } from '../../src/kubernetes/snapshot.ts';
import type { ExecuteOrder } from '../../src/requests/order.ts';
import { AGENT_LEASE, PARTS, type Part } from '../../src/rights.ts';
import { snapshotOf } from '../kubernetes/snapshot-of.ts';
import type { Scene } from './rbac-scene.ts';

/** An agent's own parts, with the rights of one account. */
export interface Agent {
  client: ClusterClient;
  scene: Scene;
  /** What the names of the workloads that only this account changes begin with. */
  own: string;
  /** What it watches: names, or `*`. */
  namespaces: readonly string[];
}

/** What has to work; throws where it does not. */
type Check = (agent: Agent) => Promise<void>;

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] as const;
const ACTIONS = createActions({ pollMs: 0, stallMs: 0, rolloutStallMs: 0, awayMs: 0, wait: async () => undefined });

/** The kinds that an action changes. */
const CHANGED = {
  scale: ['Deployment', 'StatefulSet', 'ReplicaSet'],
  restart: ['Deployment', 'StatefulSet', 'DaemonSet'],
} as const;

/** What has to be there before it is shown whether an action works: workloads that it changes, one of each kind. */
export function ownWorkloads(own: string, action: string): { kind: WorkloadKind; name: string }[] {
  const kinds = action === 'scale' || action === 'restart' ? CHANGED[action] : [];
  return kinds.map((kind) => ({ kind, name: ownName(own, action, kind) }));
}

/** Of no two kinds the same, so that none adopts another. */
function ownName(own: string, action: string, kind: WorkloadKind): string {
  return `${own}-${action}-${kind}`.toLowerCase();
}

const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  scale: [
    ...CHANGED.scale.map((kind) => changes('scale', kind, { replicas: 2 })),
    explains('scale', 'DaemonSet', { replicas: 1 }, 'is a DaemonSet'),
    warnsOfAutoscaler,
    ...saysWhyItStalls('scale'),
  ],
  restart: [
    ...CHANGED.restart.map((kind) => changes('restart', kind, {})),
    explains('restart', 'ReplicaSet', {}, 'is a ReplicaSet'),
    ...saysWhyItStalls('restart'),
  ],
  logs: [readsLogOfPod, ...KINDS.map(findsPodOf)],
  pods: [listsNamespace, ...KINDS.map(listsPodsOf)],
  evidence: [knowsPod, knowsRollout],
  lease: [holdsLease],
  trail: [leavesEvent],
  ...Object.fromEntries(
    (['picture', 'nodes', 'namespaces', 'autoscalers', 'jobs'] satisfies Part[]).map((part) => [part, [watchesAll]]),
  ),
};

/** What does not work of an action or of a part of the agent: one error for each check that failed. */
export async function failuresOf(what: string, agent: Agent): Promise<unknown[]> {
  const checks = CHECKS[what];
  if (!checks) throw new Error(`nothing is known to show whether ${what} works: write a check for it`);
  const results = await Promise.allSettled(checks.map((check) => check(agent)));
  return results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
}

export const CHECKED: readonly string[] = [...ACTIONS.map(({ name }) => name), ...PARTS];

function actionOf(name: string): Action {
  return findAction(name, ACTIONS) ?? expect.fail(`no action ${name}`);
}

function contextOf({ client, scene }: Agent): ActionContext {
  return {
    cluster: client,
    snapshot: snapshotOf({ namespaces: [scene.namespace] }),
    allowsNamespace: () => true,
    requestedAt: 0,
    now: Date.now,
    signal: AbortSignal.timeout(20_000),
  };
}

function inputOf(name: string, kind: WorkloadKind, { scene }: Agent, more: object = {}) {
  return { workload: { kind, namespace: scene.namespace, name }, ...more };
}

function planOf(agent: Agent, action: string, input: unknown): Promise<Plan> {
  const { plan, input: schema } = actionOf(action);
  return plan(contextOf(agent), schema.parse(input));
}

/** The plan is made, and applied as an agent applies it. */
function changes(action: string, kind: WorkloadKind, more: object): Check {
  return async (agent) => {
    const plan = await planOf(agent, action, inputOf(ownName(agent.own, action, kind), kind, agent, more));
    const context = contextOf(agent);
    let stored: Fence | undefined;
    const apply = createApply({
      cluster: agent.client,
      journal: {
        takeOver: async () => undefined,
        fence: async () => stored,
        moveFence: async (_, next) => {
          stored = next;
          return 'moved';
        },
      },
      marker: `${ownName(agent.own, action, kind)}.1`,
      validUntil: Date.now() + 20_000,
      requireRights: async () => undefined,
      now: Date.now,
      signal: context.signal,
    });
    await actionOf(action).execute?.({ ...context, apply }, plan);
  };
}

/** What it cannot do it refuses with the reason, for which it has to look. */
function explains(action: string, kind: WorkloadKind, more: object, words: string): Check {
  return async (agent) => {
    const { running } = agent.scene;
    const message = await planOf(agent, action, inputOf(running[kind], kind, agent, more)).then(
      () => 'planned',
      (error: Error) => (error instanceof NotAllowedError ? Promise.reject(error) : error.message),
    );
    expect(message).toContain(words);
  };
}

async function warnsOfAutoscaler(agent: Agent): Promise<void> {
  const { warnings } = await planOf(agent, 'scale', inputOf(agent.scene.web, 'Deployment', agent, { replicas: 5 }));
  expect(warnings.join(' ')).toMatch(/autoscaler/i);
}

/** By what the pods are in, and where there are none, by what the events say. */
function saysWhyItStalls(action: string): Check[] {
  const told = async (agent: Agent, name: string, kind: WorkloadKind) => {
    const { uid, generation, replicas } = await agent.client.getWorkload({
      kind,
      namespace: agent.scene.namespace,
      name,
    });
    const plan: Plan = {
      action,
      input: inputOf(name, kind, agent, { replicas }),
      target: { kind, namespace: agent.scene.namespace, name, uid },
      patch: {
        spec: {
          template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-11-03T03:14:15.000Z' } } },
        },
      },
      preconditions: [],
      diff: [],
      warnings: [],
    };
    const steps = actionOf(action).follow?.({ ...contextOf(agent), applied: { generation } }, plan);
    for (;;) {
      const step = await steps?.next();
      if (step === undefined || step.done) return step?.value.text;
    }
  };
  return [
    async (agent) => expect(await told(agent, agent.scene.broken, 'Deployment')).toContain('broken-'),
    async (agent) => expect(await told(agent, agent.scene.barred, 'StatefulSet')).toContain('cannot be created'),
  ];
}

async function readsLogOfPod(agent: Agent): Promise<void> {
  const { scene } = agent;
  const plan = await planOf(agent, 'logs', { pod: scene.brokenPod, namespace: scene.namespace });
  const reading = await actionOf('logs').read?.(contextOf(agent), plan);
  expect(reading?.headline).toContain(scene.brokenPod);
}

function findsPodOf(kind: WorkloadKind): Check {
  return async (agent) => {
    const { target } = await planOf(agent, 'logs', inputOf(agent.scene.running[kind], kind, agent));
    expect(target.name).toContain(agent.scene.running[kind]);
  };
}

async function listsNamespace(agent: Agent): Promise<void> {
  const plan = await planOf(agent, 'pods', { namespace: agent.scene.namespace });
  expect((await actionOf('pods').read?.(contextOf(agent), plan))?.body).toContain(agent.scene.brokenPod);
}

function listsPodsOf(kind: WorkloadKind): Check {
  return async (agent) => {
    const plan = await planOf(agent, 'pods', inputOf(agent.scene.running[kind], kind, agent));
    expect((await actionOf('pods').read?.(contextOf(agent), plan))?.body).toContain(agent.scene.running[kind]);
  };
}

function diagnosed(agent: Agent, finding: Pick<Finding, 'kind' | 'pods'>, name: string): Promise<Diagnosis> {
  const owner = { kind: 'Deployment', namespace: agent.scene.namespace, name };
  const findings = [{ ...finding, owner, since: 0, at: 0, count: 1, labels: {}, revision: '1' }];
  const order = { type: 'diagnose', incident: 'i-1', since: 0, findings, validUntil: Date.now() + 20_000 } as const;
  return diagnose(order, { cluster: agent.client, signal: AbortSignal.timeout(20_000), mask: (text) => text });
}

/** Where it ran, which probe has failed, and what it logged last: none of it is in the finding. */
async function knowsPod(agent: Agent): Promise<void> {
  const { broken, brokenPod } = agent.scene;
  const pods = [{ name: brokenPod, container: 'broken', reason: 'CrashLoopBackOff', restarts: 1 }];
  const { facts, log } = await diagnosed(agent, { kind: 'crash-loop', pods }, broken);
  const labels = facts.map(({ label }) => label);
  expect(labels).toEqual(expect.arrayContaining(['Node', 'Probe']));
  expect(log?.text).toContain('FATAL');
}

async function knowsRollout(agent: Agent): Promise<void> {
  const { facts } = await diagnosed(agent, { kind: 'rollout-complete', pods: [] }, agent.scene.web);
  expect(facts.map(({ label }) => label)).toEqual([expect.stringMatching(/Images|Rollout/)]);
}

/** What a part of the agent logs as refused, the first of it. */
function listening(counts: (fields: { resource?: string }) => boolean): { logger: Logger; refused: Promise<unknown> } {
  const { promise: refused, resolve } = Promise.withResolvers<unknown>();
  const hear = (fields: object) => {
    const { err } = fields as { err?: unknown };
    if (err instanceof NotAllowedError && counts(fields)) resolve(err);
  };
  return { logger: { ...silentLogger, info: hear, warn: hear }, refused };
}

async function leavesEvent(agent: Agent): Promise<void> {
  const { client, scene, own } = agent;
  const { uid } = await client.getWorkload({ kind: 'Deployment', namespace: scene.namespace, name: scene.web });
  const input = inputOf(scene.web, 'Deployment', agent, { replicas: 2 });
  const target = { kind: 'Deployment', namespace: scene.namespace, name: scene.web, uid } as const;
  const diff = [{ field: 'Replicas', before: '1', after: '2' }];
  const plan: Plan = { action: 'scale', input, target, patch: {}, preconditions: [], diff, warnings: [] };
  const order: ExecuteOrder = {
    ...{ type: 'execute', request: `r-${own}`, revision: 1, attempt: 1, action: 'scale', effect: 'change', plan },
    ...{ requestedAt: 0, validUntil: 0 },
  };
  const { logger, refused } = listening(() => true);
  const suspect = () => undefined;
  const leave = createLeaveEvent({
    ...{ cluster: client, instance: own, mask: (text) => text, suspect, logger, now: Date.now },
  });
  await leave(order, actionOf('scale'), AbortSignal.timeout(20_000));
  const error = await Promise.race([refused, Promise.resolve(undefined)]);
  if (error) throw error;
  const events = await client.listEvents(scene.namespace, uid);
  expect(events.map(({ message }) => message)).toContain(`Replicas 1 → 2 by opsbot: request r-${own}`);
}

/** Taken, and renewed. */
async function holdsLease({ client }: Agent): Promise<void> {
  const { logger, refused } = listening(() => true);
  const renewed = Promise.withResolvers<undefined>();
  const rest: Pick<Rest, 'json'> = {
    async json(call) {
      const answer = await client.rest.json<never>(call);
      if (call.verb === 'update') renewed.resolve(undefined);
      return answer;
    },
  };
  const leaving = new AbortController();
  const lease = createLease({
    rest,
    namespace: client.namespace,
    name: AGENT_LEASE,
    identity: 'probe',
    retryMs: 50,
    logger,
  });
  const running = lease.run(leaving.signal);
  const error = await Promise.race([refused, renewed.promise]);
  leaving.abort();
  await running;
  if (error) throw error;
}

/** Everything is listed, and every watch is open. */
async function watchesAll({ client, namespaces }: Agent): Promise<void> {
  const inCluster = namespaces.includes('*');
  const isMeant = (resource = '') => inCluster || !['nodes', 'namespaces'].includes(resource);
  const { logger, refused } = listening(({ resource }) => isMeant(resource));
  const watched = new Set<string>();
  const opened = Promise.withResolvers<undefined>();
  const rest: Rest = {
    ...client.rest,
    async open(call) {
      const body = await client.rest.open(call);
      watched.add(call.type.resource);
      if (watched.size === (inCluster ? 9 : 7)) opened.resolve(undefined);
      return body;
    },
  };
  const leaving = new AbortController();
  const snapshot = createSnapshot({ rest, cluster: 'test', namespaces, logger });
  snapshot.start(leaving.signal);
  const error = await Promise.race([refused, opened.promise]);
  leaving.abort();
  await snapshot.close();
  if (error) throw error;
}
