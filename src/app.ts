import { App } from '@slack/bolt';
import type { Logger } from 'pino';
import { headlines } from '../views/headline.ts';
import type { Action } from './actions/action.ts';
import { actions as allActions } from './actions/index.ts';
import { isTurnedOff } from './actions/turned-off.ts';
import type { SlackConfig } from './config.ts';
import type { IncidentSettings } from './incidents/incident.ts';
import type { IncidentDesk, IncidentNotifier, IncidentSurfaces } from './incidents/incidents.ts';
import { isOff } from './incidents/routing.ts';
import type { SnapshotReader } from './kubernetes/snapshot-reader.ts';
import type { CheckpointNotifier } from './requests/checkpoint-notifier.ts';
import type { History } from './requests/history.ts';
import type {
  CommitListener,
  HomeVisitors,
  Notifier,
  Outbox,
  Pace,
  People,
  Requests,
  Surfaces,
} from './requests/requests.ts';
import { boltLogger } from './slack/bolt-logger.ts';
import { warnOfClosedChannels } from './slack/channel.ts';
import { createCheckpointNotifier } from './slack/checkpoint-notifier.ts';
import type { Channels, FrontDesk } from './slack/front-desk.ts';
import { publishHome } from './slack/home.ts';
import { createHomeRefresher } from './slack/home-refresher.ts';
import { createIncidentNotifier } from './slack/incident-notifier.ts';
import { createNotifier } from './slack/notifier.ts';
import { askedWhereAllowed } from './slack/only-where-allowed.ts';
import { createReceiver } from './slack/receiver.ts';
import { register } from './slack/register.ts';
import { checkAppToken, createWorkspace } from './slack/workspace.ts';

export interface AppDependencies {
  config: {
    cluster: string;
    slack: SlackConfig;
    channels: Channels;
    /** Those that it may serve; any where absent. */
    workspaces?: readonly string[] | undefined;
    incidents: Omit<IncidentSettings, 'channel'>;
    audit: { channel?: string | undefined };
  };
  logger: Logger;
  /** ms since the epoch. */
  now: () => number;
  snapshot: SnapshotReader;
  surfaces: Surfaces;
  visitors: HomeVisitors;
  history: History;
  outbox: Outbox;
  /** Holds the outbox's calls to Slack's rates. */
  pace: Pace;
  incidents: IncidentDesk;
  incidentSurfaces: IncidentSurfaces;
  /** Requests ask back who people are: both are made here. */
  createRequests(people: People): Requests;
  /** ms between two looks for what Home has to show; default 3 s. */
  homeEveryMs?: number;
  /** What people are offered. Default: the registry. */
  actions?: readonly Action[];
}

export interface SlackApp {
  people: People;
  notifier: Notifier;
  incidentNotifier: IncidentNotifier;
  checkpointNotifier: CheckpointNotifier;
  /** Brings one person's Home up to date. Errors: as the notifier's. */
  publishHome(user: string): Promise<void>;
  /** To be called after each commit: Home shows requests. */
  onCommit: CommitListener;
  /** To be called after an incident or a silence has changed: Home shows them too. */
  onIncidentChange(): void;
  /** Signs in, then listens. InputError where Slack does not accept a token, UnavailableError where it does not answer. */
  start(): Promise<void>;
  /** Finishes what is in hand, then disconnects. */
  stop(): Promise<void>;
  /** Why no gesture reaches opsbot just now; undefined where they do. */
  problem(): string | undefined;
  /** Ways by which gestures reach opsbot just now. */
  connections(): number;
  /** Of the HTTP receiver, once it listens. */
  port(): number | undefined;
}

/** The Slack side of the hub. */
export function createApp(deps: AppDependencies): SlackApp {
  const { config, now, snapshot, surfaces, visitors, history, outbox, incidents, actions = allActions } = deps;
  const log = deps.logger.child({ part: 'slack' });
  const { clients, people, bot, signIn } = createWorkspace({
    ...config.slack,
    workspaces: config.workspaces,
    pace: deps.pace,
    log,
    now,
  });
  const allowed = config.channels.allowed && channelsOf(config);
  const requests = askedWhereAllowed(deps.createRequests(people), allowed);
  // What is off by now still has requests of earlier days.
  const headline = headlines(allActions);
  const { cluster, channels } = config;

  const front: FrontDesk = {
    cluster,
    channels,
    allowed,
    actions,
    off: allActions.map(({ name }) => name).filter((name) => isTurnedOff(name, actions)),
    headline,
    requests,
    surfaces,
    visitors,
    history,
    outbox,
    incidents,
    incidentSurfaces: deps.incidentSurfaces,
    areIncidentsOn: !isOff({ ...config.incidents, channel: channels.alerts }),
    people,
    snapshot,
    slack: clients.fast,
    bot,
    log,
    now,
  };
  const receiver = createReceiver(config.slack, log);
  const app = new App({
    receiver,
    // Who opsbot is was asked at the start; Bolt would ask again, and once for each workspace it meets.
    authorize: async () => ({ botToken: config.slack.botToken, ...authorized(bot()) }),
    convoStore: false,
    logger: boltLogger(log),
    clientOptions: { slackApiUrl: config.slack.apiUrl },
  });
  register(app, front);
  app.error(async (error) => {
    log.error({ err: error }, 'an answer could not be given; Slack will deliver the event again');
    throw error;
  });

  const quiet = { ...front, slack: clients.patient };
  const refresher = createHomeRefresher({
    visitors,
    show: outbox.showHome,
    onChange: (listener) => onChange(snapshot, listener),
    log,
    everyMs: deps.homeEveryMs,
  });

  return {
    people,
    notifier: createNotifier({ requests, surfaces, actions, headline, cluster, slack: clients.patient, log, now }),
    incidentNotifier: createIncidentNotifier({
      surfaces: deps.incidentSurfaces,
      actions,
      snapshot,
      cluster,
      quietMs: config.incidents.quietMs,
      slack: clients.patient,
      log,
      now,
    }),
    checkpointNotifier: createCheckpointNotifier({ slack: clients.patient, log }),
    publishHome: (user) => publishHome(quiet, user),
    onCommit: () => refresher.changed(),
    onIncidentChange: () => refresher.changed(),
    async start() {
      await signIn();
      await warnOfClosedChannels(front, channelsOf(config));
      if (config.slack.transport === 'socket') await checkAppToken({ ...config.slack, log });
      await receiver.start();
    },
    async stop() {
      // Side by side: a Slack that is slow with Home must not keep new gestures coming in here.
      await Promise.all([refresher.stop(), receiver.stop()]);
    },
    problem: () => receiver.problem(),
    connections: () => receiver.connections(),
    port: () => receiver.port(),
  };
}

/** All that the configuration names. */
function channelsOf({ channels, incidents, audit }: AppDependencies['config']): Set<string> {
  const named = [
    channels.requests,
    ...(channels.allowed ?? []),
    channels.alerts,
    ...incidents.rules.map(({ channel }) => channel),
    audit.channel,
  ];
  return new Set(named.filter((channel) => channel !== undefined));
}

/** ms */
const LOOK_AGAIN_MS = 30_000;

/** Time alone changes what Home says, too: that no agent reports any more. */
function onChange(snapshot: SnapshotReader, listener: () => void): () => void {
  const unsubscribe = snapshot.onChange(listener);
  const timer = setInterval(listener, LOOK_AGAIN_MS);
  return () => {
    clearInterval(timer);
    unsubscribe();
  };
}

function authorized({ userId, botId, teamId }: ReturnType<FrontDesk['bot']>) {
  return { botUserId: userId, botId, teamId };
}
