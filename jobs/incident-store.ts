import type { Redis } from 'ioredis';
import { type Owner, ownerKey } from '../src/incidents/finding.ts';
import type { Incident, Silence, Storm } from '../src/incidents/incident.ts';
import { answering, databaseAway } from '../src/requests/answering.ts';
import type { AuditArguments } from '../src/requests/audit.lua.ts';
import type { IncidentEntry } from '../src/requests/audit.ts';
import { type Appended, createAuditHead } from '../src/requests/audit-head.ts';
import type { Keys } from '../src/requests/keys.ts';
import { RETAIN_SECONDS } from '../src/requests/store.ts';
import {
  COMMIT_INCIDENT_SCRIPT,
  type CommitArguments,
  SILENCE_SCRIPT,
  type SilenceArguments,
} from './commit-incident.lua.ts';
import { turnOfChanged, turnOfNew, turnOfStorm } from './turn.ts';

/** A change of one incident. `entry` is what the audit log says of it, where a person decided. */
export interface IncidentChange {
  before?: Incident | undefined;
  after: Incident;
  /** Id of the incident of the same cause and owner that is past and makes room. */
  replaces?: string | undefined;
  entry?: IncidentEntry;
}

/** Incidents, storms and silences, in Redis. Every method: UnavailableError where Redis is away. */
export interface IncidentStore {
  get(id: string): Promise<Incident | undefined>;
  getAll(ids: readonly string[]): Promise<Incident[]>;
  /** The latest incident of each cause and owner in the cluster, those that can still relapse included. */
  live(cluster: string): Promise<Incident[]>;
  /** Of all clusters, what is not resolved. */
  open(): Promise<Incident[]>;
  /** Clusters that an agent ever reported of. */
  clusters(): Promise<string[]>;
  /** False where somebody else changed it in between, or a new one's id is taken; nothing is written then. */
  commit(change: IncidentChange): Promise<boolean>;
  /** Takes an incident that is past out of `live`; it can be got for as long as it is kept. */
  retire(incident: Incident): Promise<void>;
  silences(): Promise<Silence[]>;
  silence(silence: Silence, entry: IncidentEntry): Promise<void>;
  /** False where there is none. */
  endSilence(of: { cluster: string; owner: Owner }, entry: IncidentEntry): Promise<boolean>;
  /** Drops one whose time has come, unless it was renewed meanwhile. */
  forgetSilence(silence: Silence): Promise<void>;
  /** The latest one of a channel. */
  storm(channel: string): Promise<Storm | undefined>;
  getStorm(id: string): Promise<Storm | undefined>;
  /** Channels that ever had one. */
  stormyChannels(): Promise<string[]>;
  commitStorm(before: Storm | undefined, after: Storm): Promise<boolean>;
}

/** JSON leaves out what is undefined; who compares an incident with what it was before would see a difference. */
const INCIDENT = {
  late: undefined,
  calmSince: undefined,
  resolvedAt: undefined,
  acknowledged: undefined,
  silence: undefined,
} satisfies Partial<Incident>;
const STORM = { endedAt: undefined } satisfies Partial<Storm>;

const incidentField = ({ cause, owner }: Incident) => `${cause}/${ownerKey(owner)}`;
const silenceField = ({ cluster, owner }: { cluster: string; owner: Owner }) => `${cluster}/${ownerKey(owner)}`;

/** Drops a field of a hash where it still is what was read. */
const DROP_SCRIPT = `if redis.call('HGET', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('HDEL', KEYS[1], ARGV[1]) end`;

/** An incident or a storm, as the script takes it. */
type Stored = { key: string; index: string } & Omit<CommitArguments, keyof AuditArguments | 'json' | 'retainSeconds'>;

export function createIncidentStore(deps: {
  redis: Redis;
  keys: Keys;
  /** Called after an incident, a storm or a silence has changed. */
  onCommit(): void;
  now(): number;
}): IncidentStore {
  const { redis, keys, onCommit, now } = deps;
  const log = createAuditHead();

  async function load<T>(recordKeys: readonly string[], absent: Partial<T>): Promise<(T | undefined)[]> {
    if (recordKeys.length === 0) return [];
    const pipeline = redis.pipeline();
    for (const key of recordKeys) pipeline.hget(key, 'json');
    const answers = (await answering(pipeline.exec())) ?? [];
    return answers.map(([error, json]) => {
      if (error) throw databaseAway(error);
      return typeof json === 'string' ? ({ ...absent, ...JSON.parse(json) } as T) : undefined;
    });
  }

  async function live(cluster: string): Promise<Incident[]> {
    const index = Object.entries(await answering(redis.hgetall(keys.incidents(cluster))));
    const stored = await load<Incident>(
      index.map(([, id]) => keys.incident(id)),
      INCIDENT,
    );
    // What is forgotten must not stand in the way of a new one.
    for (const [i, [field, id]] of index.entries()) if (!stored[i]) await drop(keys.incidents(cluster), field, id);
    return stored.filter((incident) => incident !== undefined);
  }

  async function commit({ key, index, ...stored }: Stored, after: unknown, entries: IncidentEntry[]): Promise<boolean> {
    return log.append(entries, async (audit): Promise<Appended<boolean>> => {
      const args: CommitArguments = {
        ...audit,
        ...stored,
        json: JSON.stringify(after),
        retainSeconds: RETAIN_SECONDS,
      };
      const [result, head = ''] = (await answering(
        redis.eval(
          COMMIT_INCIDENT_SCRIPT,
          7,
          key,
          index,
          keys.unshown(stored.channel),
          keys.unshownChannels,
          keys.audit,
          keys.auditHead,
          keys.incidentSurface(stored.id),
          JSON.stringify(args),
        ),
      )) as [string, string?];
      if (result === 'head') return { head };
      if (result === 'ok') onCommit();
      return { result: result === 'ok', written: result === 'ok' };
    });
  }

  async function changeSilence(change: Omit<SilenceArguments, keyof AuditArguments>, entry: IncidentEntry) {
    return log.append([entry], async (audit): Promise<Appended<boolean>> => {
      const args = JSON.stringify({ ...audit, ...change });
      const [result, head = ''] = (await answering(
        redis.eval(SILENCE_SCRIPT, 3, keys.silences, keys.audit, keys.auditHead, args),
      )) as [string, string?];
      if (result === 'head') return { head };
      if (result === 'ok') onCommit();
      return { result: result === 'ok', written: result === 'ok' };
    });
  }

  const clusters = () => answering(redis.smembers(keys.clusters));
  const drop = (key: string, field: string, value: string) => answering(redis.eval(DROP_SCRIPT, 1, key, field, value));

  const getAll = async (ids: readonly string[]) =>
    (await load<Incident>(ids.map(keys.incident), INCIDENT)).filter((incident) => incident !== undefined);
  const getStorm = async (id: string) => (await load<Storm>([keys.storm(id)], STORM))[0];

  return {
    get: async (id) => (await getAll([id]))[0],
    getAll,
    live,
    async open() {
      const all = await Promise.all((await clusters()).map(live));
      return all.flat().filter(({ state }) => state !== 'resolved');
    },
    clusters,
    commit({ before, after, replaces = '', entry }) {
      const { id, version, cluster, channel, state } = after;
      const stored: Stored = {
        key: keys.incident(id),
        index: keys.incidents(cluster),
        id,
        expectedVersion: before?.version ?? 0,
        version,
        field: incidentField(after),
        replaces,
        over: state === 'resolved',
        channel,
        turn: String(before ? turnOfChanged(now()) : turnOfNew(after)),
      };
      return commit(stored, after, entry ? [entry] : []);
    },
    async retire(incident) {
      await drop(keys.incidents(incident.cluster), incidentField(incident), incident.id);
    },
    async silences() {
      const stored = await answering(redis.hvals(keys.silences));
      return stored.map((json) => JSON.parse(json) as Silence);
    },
    async silence(silence, entry) {
      await changeSilence({ field: silenceField(silence), json: JSON.stringify(silence) }, entry);
    },
    endSilence: (of, entry) => changeSilence({ field: silenceField(of) }, entry),
    async forgetSilence(silence) {
      await drop(keys.silences, silenceField(silence), JSON.stringify(silence));
    },
    async storm(channel) {
      const id = await answering(redis.hget(keys.storms, channel));
      if (id === null) return undefined;
      const storm = await getStorm(id);
      // What is forgotten must not stand in the way of a new one.
      if (!storm) await drop(keys.storms, channel, id);
      return storm;
    },
    getStorm,
    stormyChannels: () => answering(redis.hkeys(keys.storms)),
    commitStorm(before, after) {
      const { id, version, channel, endedAt } = after;
      const next = before?.id === id;
      const stored: Stored = {
        key: keys.storm(id),
        index: keys.storms,
        id,
        expectedVersion: next ? before.version : 0,
        version,
        field: channel,
        replaces: next ? '' : (before?.id ?? ''),
        over: endedAt !== undefined,
        channel,
        turn: String(turnOfStorm(now())),
      };
      return commit(stored, after, []);
    },
  };
}
