import type { Redis } from 'ioredis';
import { answering, databaseAway } from './answering.ts';
import type { AuditArguments } from './audit.lua.ts';
import { type AuditEntry, auditEntry } from './audit.ts';
import { type Appended, createAuditHead } from './audit-head.ts';
import { COMMIT_SCRIPT, type CommitArguments } from './commit.lua.ts';
import type { Intent } from './intents.ts';
import type { Keys } from './keys.ts';
import { type Event, isTerminal, type Request } from './request.ts';
import type { RequestSurface } from './requests.ts';

/** A change of one request, as it is handed to the store: each event with the request after it. */
export interface Change {
  before: Request | undefined;
  steps: { event: Event; after: Request }[];
  intents: Intent[];
  /** Key of the gesture that asked; needed where `before` is undefined. */
  gestureKey?: string;
  /** The lock on the plan's workload, taken or freed in the same script. */
  lock?: 'take' | 'free';
  /** Where the request is shown, for the log. */
  surface?: RequestSurface | undefined;
}

export type Committed =
  | { result: 'ok' }
  /** The gesture has asked before, for this request. */
  | { result: 'exists'; id: string }
  /** Somebody else changed the request in between. */
  | { result: 'moved' }
  /** Another request is changing the same workload. */
  | { result: 'locked'; by: string };

export interface Store {
  load(id: string): Promise<Request | undefined>;
  loadAll(ids: readonly string[]): Promise<Request[]>;
  commit(change: Change, now: number): Promise<Committed>;
  /** Takes the lock on a workload from a request that is still as it was seen; `version` undefined: there was none. */
  freeLock(of: { cluster: string; uid: string }, holder: { id: string; version: number | undefined }): Promise<void>;
  /** Ids, newest first. */
  openIds(limit: number): Promise<string[]>;
  recentIds(limit: number): Promise<string[]>;
  idsByRequester(user: string, limit: number): Promise<string[]>;
  /** Intents that are stored and not yet handed on. */
  pendingIntents(): Promise<Intent[]>;
  settleIntent(id: string): Promise<void>;
}

/** How long an ended request, its surfaces and its indexes are kept, in seconds: 30 days. The audit log stays. */
export const RETAIN_SECONDS = 30 * 24 * 3600;
/** How long the same gesture is recognised, in seconds: a day, far beyond Slack's own retries. */
const GESTURE_SECONDS = 24 * 3600;
/** Ids kept for the lists on Home: of everybody, and of one person. */
const KEEP_RECENT = 1_000;

const FREE_LOCK_SCRIPT = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if (redis.call('HGET', KEYS[2], 'version') or '') ~= ARGV[2] then return 0 end
return redis.call('DEL', KEYS[1])
`;

function entriesOf(change: Change, now: number): AuditEntry[] {
  let before = change.before;
  return change.steps.flatMap(({ event, after }) => {
    const entry = auditEntry({ before, after, event, surface: change.surface }, now);
    before = after;
    return entry ?? [];
  });
}

function endOf({ steps }: Change): Request {
  const after = steps.at(-1)?.after;
  if (!after) throw new Error('a change has at least one event');
  return after;
}

export function createStore(redis: Redis, keys: Keys): Store {
  const log = createAuditHead();

  function run(change: Change, after: Request, args: CommitArguments): Promise<[string, string?]> {
    const uid = (change.before?.plan ?? after.plan)?.target.uid ?? 'none';
    return answering(
      redis.eval(
        COMMIT_SCRIPT,
        9,
        keys.request(after.id),
        keys.audit,
        keys.auditHead,
        keys.intents,
        keys.open,
        keys.recent,
        keys.byRequester(after.requester),
        keys.gesture(change.gestureKey ?? 'none'),
        keys.workloadLock(after.cluster, uid),
        JSON.stringify(args),
      ) as Promise<[string, string?]>,
    );
  }

  async function attempt(change: Change, audit: AuditArguments): Promise<Appended<Committed>> {
    const after = endOf(change);
    const [result, detail = ''] = await run(change, after, {
      ...audit,
      id: after.id,
      expectedVersion: change.before?.version ?? 0,
      version: after.version,
      json: JSON.stringify(after),
      createdAt: after.createdAt,
      terminal: isTerminal(after.state),
      intents: change.intents.map((intent) => ({ id: intent.id, json: JSON.stringify(intent) })),
      lock: change.lock ?? 'none',
      gestureSeconds: GESTURE_SECONDS,
      retainSeconds: RETAIN_SECONDS,
      keepRecent: KEEP_RECENT,
    });
    switch (result) {
      case 'ok':
        return { result: { result }, written: true };
      case 'exists':
        return { result: { result, id: detail }, written: false };
      case 'locked':
        return { result: { result, by: detail }, written: false };
      case 'moved':
        return { result: { result }, written: false };
      default:
        return { head: detail };
    }
  }

  async function loadAll(ids: readonly string[]): Promise<Request[]> {
    if (ids.length === 0) return [];
    const pipeline = redis.pipeline();
    for (const id of ids) pipeline.hget(keys.request(id), 'json');
    const answers = (await answering(pipeline.exec())) ?? [];
    return answers.flatMap(([error, json]) => {
      if (error) throw databaseAway(error);
      return typeof json === 'string' ? [JSON.parse(json) as Request] : [];
    });
  }

  const newest = (key: string, limit: number) => answering(redis.zrevrange(key, 0, limit - 1));

  return {
    async load(id) {
      return (await loadAll([id]))[0];
    },
    loadAll,
    commit: (change, now) => log.append(entriesOf(change, now), (audit) => attempt(change, audit)),
    async freeLock({ cluster, uid }, { id, version }) {
      const [lock, request] = [keys.workloadLock(cluster, uid), keys.request(id)];
      await answering(redis.eval(FREE_LOCK_SCRIPT, 2, lock, request, id, version ?? ''));
    },
    openIds: (limit) => newest(keys.open, limit),
    recentIds: (limit) => newest(keys.recent, limit),
    idsByRequester: (user, limit) => newest(keys.byRequester(user), limit),
    async pendingIntents() {
      const stored = await answering(redis.hvals(keys.intents));
      return stored.map((json) => JSON.parse(json) as Intent);
    },
    async settleIntent(id) {
      await answering(redis.hdel(keys.intents, id));
    },
  };
}
