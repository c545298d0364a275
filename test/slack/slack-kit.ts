import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { afterAll, afterEach, expect } from 'vitest';
import { createAuditStream } from '../../jobs/audit-stream.ts';
import { createHomeVisitors } from '../../jobs/home-visitors.ts';
import { createPace } from '../../jobs/pace.ts';
import { createSurfaces } from '../../jobs/surfaces.ts';
import { enabledActions } from '../../src/actions/index.ts';
import { createApp, type SlackApp } from '../../src/app.ts';
import type { PolicyRule, SlackConfig } from '../../src/config.ts';
import { UnavailableError } from '../../src/errors.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import type { IncidentSurface, IncidentSurfaces } from '../../src/incidents/incidents.ts';
import type { ClusterSnapshot, SnapshotReader } from '../../src/kubernetes/snapshot-reader.ts';
import { createChange, type Dispatch } from '../../src/requests/change.ts';
import { createDesk } from '../../src/requests/desk.ts';
import { createHistory } from '../../src/requests/history.ts';
import { createHub } from '../../src/requests/hub.ts';
import { createKeys } from '../../src/requests/keys.ts';
import type { Report } from '../../src/requests/order.ts';
import { type CommitListener, RateLimited, type Requests } from '../../src/requests/requests.ts';
import { createStore } from '../../src/requests/store.ts';
import { createTurns } from '../../src/slack/turns.ts';
import { startRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlackOptions } from '../support/slack/local-slack.ts';
import type { Person } from '../support/slack/people/person.ts';
import { demoPicture, MANIFEST, planFor } from './demo.ts';
import { createFakeIncidents } from './fake-incidents.ts';

export interface SlackKitOptions {
  channels?: { requests?: string; alerts?: string; allowed?: string[] };
  workspaces?: string[];
  audit?: { channel?: string };
  rules?: readonly PolicyRule[];
  /** Names of what is on. Default: everything. */
  actions?: readonly string[];
  transport?: 'socket' | 'http';
  snapshot?: ClusterSnapshot;
  slack?: LocalSlackOptions;
  botToken?: string;
  appToken?: string;
  /** Plans nothing by itself: the test reports what the agent says. */
  silentAgent?: boolean;
  /** Puts itself between the gestures and the requests. */
  intercept?: (requests: Requests) => Requests;
}

/**
 * The hub's Slack side as it runs: Bolt, the requests on a real Redis, a local Slack. Shows run at once and one after the
 * other, in place of the queues; the agent plans at once, and the test says what it reports afterwards.
 */
export async function startSlackKit(options: SlackKitOptions = {}) {
  const slack = await createLocalSlack({ manifest: MANIFEST, ...options.slack });
  const server = await startRedis();
  const redis = new Redis(server.url);
  const keys = createKeys(server.prefix);
  const clock = { offset: 0 };
  const now = () => Date.now() + clock.offset;
  const store = createStore(redis, keys);
  const surfaces = createSurfaces(redis, keys);
  const visitors = createHomeVisitors(redis, keys, now);
  const snapshot = createPicture(options.snapshot ?? demoPicture());
  const log: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => log.push(line) });
  const problems: unknown[] = [];
  const incidents = createFakeIncidents({
    now,
    people: { standing: (user) => app.people.standing(user) },
    onChange(incident) {
      app.onIncidentChange();
      inBackground(() => showAll(incident));
    },
  });
  const incidentSurfaces = createIncidentSurfaces();
  const underWay = new Set<Promise<unknown>>();
  let app: SlackApp;
  const inTurn = createTurns();
  let isStopped = false;
  let ids = 0;

  function inBackground(work: () => Promise<unknown>): void {
    const run = work()
      .catch((error: unknown) => problems.push(error))
      .finally(() => underWay.delete(run));
    underWay.add(run);
  }

  /** As the outbox does: one step after the other until there is no more. */
  async function showAll(incident: Incident): Promise<void> {
    while ((await app.incidentNotifier.show(incidents.newest(incident))) === 'more');
  }

  /** As the queue of Homes does: one at a time for each person, until it has been taken. */
  async function showHome(user: string): Promise<void> {
    inBackground(() => inTurn(user, () => publishHome(user)));
  }

  async function publishHome(user: string): Promise<void> {
    await app.publishHome(user).catch(async (error: unknown) => {
      if (!(error instanceof RateLimited || error instanceof UnavailableError) || isStopped) throw error;
      await delay(100);
      return publishHome(user);
    });
  }

  const dispatch: Dispatch = async (intents) => {
    for (const { id, kind, request, notBefore } of intents) {
      await store.settleIntent(id);
      if (kind === 'show' && notBefore <= now()) inBackground(() => app.notifier.show(request));
      if (kind === 'plan' && !options.silentAgent) inBackground(() => planAtOnce(request));
      if (kind === 'release') inBackground(() => hub.release(request));
    }
  };
  const onCommit: CommitListener = (request, events) => app.onCommit(request, events);
  const base = { store, surfaces, dispatch, onCommit, now };
  const actions = enabledActions(options.actions);
  const change = createChange(base);

  async function planAtOnce(id: string): Promise<void> {
    const request = await store.load(id);
    if (request) await hub.report(planFor(request));
  }

  const transport = options.transport ?? 'socket';
  const { botToken = slack.botToken, appToken = slack.appToken } = options;
  const common = { botToken, apiUrl: slack.apiUrl };
  const slackConfig: SlackConfig =
    transport === 'socket'
      ? { ...common, transport, appToken }
      : { ...common, transport, signingSecret: slack.signingSecret, port: 0 };
  app = createApp({
    config: {
      cluster: 'demo',
      slack: slackConfig,
      channels: options.channels ?? {},
      workspaces: options.workspaces,
      incidents: { rules: [], pendingMs: 300_000, quietMs: 120_000, cooldownMs: 3_600_000, storm: 10 },
      audit: options.audit ?? {},
    },
    logger,
    now,
    snapshot: snapshot.reader,
    homeEveryMs: 100,
    surfaces,
    visitors,
    outbox: { show: async (id) => inBackground(() => app.notifier.show(id)), showHome },
    pace: createPace(redis, keys, now),
    history: createHistory({ log: createAuditStream(redis, keys), store }),
    incidents: incidents.desk,
    incidentSurfaces,
    actions,
    createRequests: (people) => {
      const requests = createDesk({ ...base, change, people, actions, newId: () => `r-${++ids}` });
      return options.intercept?.(requests) ?? requests;
    },
  });
  const hub = createHub({
    store,
    change,
    people: app.people,
    rules: options.rules ?? [],
    allowsNamespace: () => true,
    actions,
    keepReading: surfaces.keepReading,
    now,
  });

  async function stop(): Promise<void> {
    isStopped = true;
    await app.stop();
    await settled();
    redis.disconnect();
    await server.stop();
    await slack.close();
  }

  /** Resolves once Home shows it all: it follows the ack where it was just being published for another reason. */
  async function opensHome(person: Person): Promise<void> {
    await person.opensHome();
    await settled();
  }

  /** Resolves when nothing is under way any more. */
  async function settled(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  try {
    await app.start();
  } catch (error) {
    await stop();
    throw error;
  }
  if (transport === 'http') slack.useHttp(`http://127.0.0.1:${app.port()}/slack/events`);

  return {
    slack,
    app,
    redis,
    store,
    surfaces,
    visitors,
    hub,
    incidents,
    incidentSurfaces,
    clock,
    log,
    problems,
    picture: snapshot,
    settled,
    opensHome,
    /** As if all that Slack wanted to wait for had passed. */
    async forgetLimits(): Promise<void> {
      const limits = await redis.keys(keys.limited('*', '*'));
      if (limits.length > 0) await redis.del(limits);
    },
    stop,
    alice: slack.person('alice'),
    bob: slack.person('bob'),
    carol: slack.person('carol'),
    greta: slack.person('greta'),
    /** What the agent says about the newest revision of a request. */
    async report(id: string, said: Distributed<Report>): Promise<void> {
      const request = await store.load(id);
      if (!request) throw new Error(`no request ${id}`);
      await hub.report({ ...said, request: id, revision: request.revision } as Report);
      await settled();
    },
  };
}

type Distributed<T> = T extends unknown ? Omit<T, 'request' | 'revision'> : never;

function createIncidentSurfaces(): IncidentSurfaces {
  const stored = new Map<string, IncidentSurface>();
  return {
    get: async (id) => stored.get(id),
    async put(id, surface) {
      stored.set(id, surface);
    },
  };
}

function createPicture(first: ClusterSnapshot) {
  let snapshot: ClusterSnapshot | undefined = first;
  const listeners = new Set<() => void>();
  const reader: SnapshotReader = {
    async read() {
      if (snapshot) return snapshot;
      throw new UnavailableError('No agent has looked at the cluster yet.', { advice: 'Start an agent for it.' });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return {
    reader,
    set(next: ClusterSnapshot | undefined): void {
      snapshot = next;
      for (const listener of listeners) listener();
    },
  };
}

/** An app for all tests of a file. After each of them Slack would have refused nothing, and nothing went wrong within. */
export async function kitOfFile(options: SlackKitOptions = {}) {
  const kit = await startSlackKit(options);
  afterEach(() => {
    expect(kit.problems).toEqual([]);
    expect(kit.slack.violations).toEqual([]);
  });
  afterAll(() => kit.stop());
  return kit;
}
