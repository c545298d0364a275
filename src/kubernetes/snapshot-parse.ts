import { InputError } from '../errors.ts';
import { type OwnerRef, WORKLOAD_KINDS } from './cluster.ts';
import { createInterner, type Interner } from './interner.ts';
import type {
  AutoscalerSummary,
  ClusterSnapshot,
  NodeSummary,
  PodSummary,
  Shortfall,
  WorkloadSummary,
} from './snapshot-reader.ts';

/** Checks every value, since it comes from another process; what is not part of a snapshot is left out. */
export function parseSnapshot(plain: unknown, format: number): ClusterSnapshot {
  const raw = fields(plain, 'snapshot');
  if (raw.number('format') !== format) throw new InputError('The snapshot has a format that is unknown here.');
  const intern = createInterner();
  return {
    cluster: raw.text('cluster'),
    version: raw.number('version'),
    complete: raw.flag('complete'),
    asOf: raw.number('asOf'),
    problem: raw.optional('problem', raw.text),
    nodes: raw.optional('nodes', (key) => byUid(raw.list(key).map(parseNode))),
    workloads: byUid(raw.list('workloads').map((one) => parseWorkload(one, intern))),
    pods: byUid(raw.list('pods').map((one) => parsePod(one, intern))),
    autoscalers: raw.optional('autoscalers', (key) => new Map(raw.list(key).map(parseAutoscaler))),
    namespaces: raw.texts('namespaces'),
    shortfalls: raw.optional('shortfalls', (key) => raw.list(key).map(parseShortfall)),
  };
}

function parseNode(plain: unknown): NodeSummary {
  const raw = fields(plain, 'node');
  return {
    name: raw.text('name'),
    uid: raw.text('uid'),
    ready: raw.flag('ready'),
    status: raw.text('status'),
    unschedulable: raw.flag('unschedulable'),
  };
}

function parseWorkload(plain: unknown, intern: Interner): WorkloadSummary {
  const raw = fields(plain, 'workload');
  const kind = WORKLOAD_KINDS.find((each) => each === raw.text('kind'));
  if (kind === undefined) throw malformed('workload', 'kind');
  return {
    uid: raw.text('uid'),
    kind,
    namespace: intern.text(raw.text('namespace')),
    name: raw.text('name'),
    replicas: raw.number('replicas'),
    ready: raw.number('ready'),
    updated: raw.number('updated'),
    available: raw.number('available'),
    observed: raw.flag('observed'),
    owned: raw.flag('owned'),
    problem: raw.optional('problem', raw.text),
    containers: intern.texts(raw.texts('containers')),
    createdAt: raw.number('createdAt'),
  };
}

function parsePod(plain: unknown, intern: Interner): PodSummary {
  const raw = fields(plain, 'pod');
  return {
    uid: raw.text('uid'),
    namespace: intern.text(raw.text('namespace')),
    name: raw.text('name'),
    status: intern.text(raw.text('status')),
    ready: raw.number('ready'),
    total: raw.number('total'),
    isReady: raw.flag('isReady'),
    restarts: raw.number('restarts'),
    restartedAt: raw.optional('restartedAt', raw.number),
    createdAt: raw.number('createdAt'),
    node: raw.optional('node', (key) => intern.text(raw.text(key))),
    owner: raw.optional('owner', (key) => intern.owner(parseOwner(raw.any(key)))),
    containers: intern.texts(raw.texts('containers')),
  };
}

function parseOwner(plain: unknown): OwnerRef {
  const raw = fields(plain, 'owner');
  return { kind: raw.text('kind'), name: raw.text('name'), uid: raw.text('uid') };
}

/** An autoscaler does not carry its UID, so the pair is what travels. */
function parseAutoscaler(plain: unknown): [string, AutoscalerSummary] {
  const [uid, value] = Array.isArray(plain) ? plain : [];
  if (typeof uid !== 'string') throw malformed('autoscaler', 'uid');
  const raw = fields(value, 'autoscaler');
  const summary = {
    name: raw.text('name'),
    namespace: raw.text('namespace'),
    targetKind: raw.text('targetKind'),
    targetName: raw.text('targetName'),
    min: raw.number('min'),
    max: raw.number('max'),
  };
  return [uid, summary];
}

function parseShortfall(plain: unknown): Shortfall {
  const raw = fields(plain, 'shortfall');
  return {
    action: raw.optional('action', raw.text),
    what: raw.text('what'),
    namespaces: raw.optional('namespaces', raw.texts),
    why: raw.text('why'),
    advice: raw.text('advice'),
  };
}

function byUid<T extends { uid: string }>(all: T[]): Map<string, T> {
  return new Map(all.map((one) => [one.uid, one]));
}

/** Typed access to the fields of an object from outside; each throws InputError where the value is another. */
function fields(plain: unknown, what: string) {
  if (typeof plain !== 'object' || plain === null) throw malformed(what, 'itself');
  const raw = plain as Record<string, unknown>;
  const text = (key: string): string => {
    const value = raw[key];
    if (typeof value !== 'string') throw malformed(what, key);
    return value;
  };
  const number = (key: string): number => {
    const value = raw[key];
    if (typeof value !== 'number') throw malformed(what, key);
    return value;
  };
  const flag = (key: string): boolean => {
    const value = raw[key];
    if (typeof value !== 'boolean') throw malformed(what, key);
    return value;
  };
  const list = (key: string): unknown[] => {
    const value = raw[key];
    if (!Array.isArray(value)) throw malformed(what, key);
    return value;
  };
  const texts = (key: string): string[] =>
    list(key).map((each) => {
      if (typeof each !== 'string') throw malformed(what, key);
      return each;
    });
  const optional = <T>(key: string, read: (key: string) => T): T | undefined =>
    raw[key] === undefined || raw[key] === null ? undefined : read(key);
  return { text, number, flag, list, texts, optional, any: (key: string) => raw[key] };
}

function malformed(what: string, key: string): InputError {
  return new InputError(`What an agent published is no snapshot: “${key}” of a ${what} is not what it should be.`);
}
