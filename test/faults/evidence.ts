import type { Redis } from 'ioredis';
import { QUEUE } from '../../jobs/queues.ts';
import { createSurfaces } from '../../jobs/surfaces.ts';
import { createKeys } from '../../src/requests/keys.ts';
import type { Request } from '../../src/requests/request.ts';
import type { RequestSurface } from '../../src/requests/requests.ts';
import { createStore } from '../../src/requests/store.ts';
import { namedIn } from '../../src/slack/post-once.ts';
import type { SpecWrite } from '../support/cluster/kit.ts';
import type { Violation } from '../support/slack/journal.ts';
import type { Block, Message } from '../support/slack/types.ts';
import { type Deed, type Ledger, withLaterAcks } from './ledger.ts';
import { RULES, type Rule, WORKLOADS } from './stories.ts';
import type { World } from './world.ts';

/** Everything that a run is judged by, as it is at one moment: what each side has on record, and nothing that is derived. */
export interface Evidence {
  deeds: Deed[];
  /** Oldest first. */
  requests: Request[];
  surfaces: Record<string, RequestSurface | undefined>;
  /** Namespace of each rule. */
  namespaces: Record<Rule, string>;
  /** The patches of workloads that the cluster took, in its own record; also one that came to what was there already. */
  changes: SpecWrite[];
  /** All of opsbot's that Slack shows now. */
  messages: Said[];
  /** What opsbot told one person alone. */
  whispers: { to: string; text: string; at: number }[];
  /**
   * Gestures that opsbot has acked or taken, by person and by thread: each may have been answered. So may each answer for
   * one person alone whose arrival Slack did not confirm.
   */
  heard: Record<string, number>;
  /** What Home shows to somebody who had it open, and to somebody who has just opened it. */
  homes: { shown: string; fresh: string } | undefined;
  audit: { entries: { entry: string; hash: string }[]; head: string | null };
  /** What is left over in Redis, by name: intents, locks, jobs that are waited for. */
  leftOver: string[];
  /** Ids that count as open. */
  open: string[];
  violations: Violation[];
  broadcasts: number;
  endedByThemselves: string[];
  /** When the clocks were set, by Slack's clock, and how far. */
  jump: { at: number; aheadMs: number } | undefined;
}

/** A message of opsbot's. */
export interface Said {
  channel: string;
  thread: string | undefined;
  ts: string;
  text: string;
  blocks: Block[];
  /** Of which request it is which part (`card-1`, `step-3`), where it is of one. */
  request: string | undefined;
  part: string | undefined;
}

/** More than any run asks for. */
const MOST_REQUESTS = 500;
export async function collect(
  world: World,
  of: { ledger: Ledger; redis: Redis; homes: Evidence['homes']; jump: Evidence['jump'] },
): Promise<Evidence> {
  const { slack, kit, namespaces } = world;
  const { ledger, redis, homes, jump } = of;
  const keys = createKeys();
  const store = createStore(redis, keys);
  const surfaces = createSurfaces(redis, keys);
  const requests = (await store.loadAll(await store.recentIds(MOST_REQUESTS))).toReversed();
  const refs = RULES.flatMap((rule) =>
    WORKLOADS.map((name) => ({ kind: 'Deployment', namespace: namespaces[rule], name })),
  );
  return {
    ...{ requests, namespaces, homes, jump },
    deeds: withLaterAcks(ledger.deeds, slack.journal),
    surfaces: Object.fromEntries(await Promise.all(requests.map(async ({ id }) => [id, await surfaces.get(id)]))),
    changes: (await Promise.all(refs.map((ref) => kit.writes(ref)))).flat().filter(isTaken),
    messages: messagesOf(world),
    whispers: slack.state.ephemerals.map(({ to, message }) => ({
      to,
      text: message.text,
      at: Number(message.ts) * 1000,
    })),
    heard: heardBy(world),
    audit: await auditOf(redis, keys.audit, keys.auditHead),
    leftOver: await leftOver(redis),
    open: await store.openIds(MOST_REQUESTS),
    violations: [...slack.violations],
    broadcasts: slack.broadcasts.length,
    endedByThemselves: world.endedByThemselves(),
  };
}

function messagesOf({ slack }: World): Said[] {
  return [...slack.state.channels.values()].flatMap(({ id: channel, messages }) =>
    [...messages.values()]
      .filter(({ user, subtype }) => user === 'UOPSBOT' && subtype !== 'tombstone')
      .map((message) => said(channel, message)),
  );
}

function said(channel: string, { thread_ts: thread, ts, text, blocks = [], metadata }: Message): Said {
  const named = namedIn({ metadata } as Parameters<typeof namedIn>[0], 'request');
  return { channel, thread, ts, text, blocks, request: named?.id, part: named?.part };
}

interface Heard {
  user?: { id?: string };
  user_id?: string;
  event?: { user?: string; ts?: string; thread_ts?: string };
}

function heardBy({ slack }: World): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (name: string | undefined) => {
    if (name !== undefined) counts[name] = (counts[name] ?? 0) + 1;
  };
  for (const { kind, name, args, fault } of slack.journal) {
    if (name === 'chat.postEphemeral' && fault === 'lose-answer') count((args as { user: string }).user);
    if (kind !== 'envelope') continue;
    const { user, user_id, event } = args as Heard;
    count(user?.id ?? user_id ?? event?.user);
    count(event?.thread_ts ?? event?.ts);
  }
  return counts;
}

async function auditOf(redis: Redis, stream: string, head: string): Promise<Evidence['audit']> {
  const stored = await redis.xrange(stream, '-', '+');
  const entries = stored.map(([, [, hash = '', , entry = '']]) => ({ hash, entry }));
  return { entries, head: await redis.get(head) };
}

async function leftOver(redis: Redis): Promise<string[]> {
  const keys = createKeys();
  const intents = await redis.hkeys(keys.intents);
  const locks = await redis.keys(keys.workloadLock('*', '*'));
  const queues = [QUEUE.reports, QUEUE.requests, QUEUE.surfaces, QUEUE.agent('default')];
  const jobs = await Promise.all(
    queues.flatMap((queue) => [
      ...['wait', 'active', 'paused'].map((list) => idsOn(queue, list, (key) => redis.lrange(key, 0, -1))),
      ...['prioritized', 'failed'].map((list) => idsOn(queue, list, (key) => redis.zrange(key, '0', '-1'))),
    ]),
  );
  return [...intents.map((id) => `intent ${id}`), ...locks.map((key) => `lock ${key}`), ...jobs.flat()];
}

/** The jobs on one of a queue's lists; those that are delayed have their time. */
async function idsOn(queue: string, list: string, read: (key: string) => Promise<string[]>): Promise<string[]> {
  if (isStale(queue, list)) return [];
  const ids = await read(`${createKeys().prefix}:${queue}:${list}`);
  return ids.map((id) => `job ${id} is ${list} in ${queue}`);
}

/** An order that a crash interrupted stays “active” until its lock has run out, then counts as failed, and does nothing. */
function isStale(queue: string, list: string): boolean {
  return queue === QUEUE.agent('default') && (list === 'active' || list === 'failed');
}

function isTaken({ verb, status }: SpecWrite): boolean {
  return verb === 'patch' && status < 300;
}
