/**
 * Names of everything in Redis. All carry one hash tag, so a script may touch them together; an agent's keys begin with
 * its cluster's name, so an ACL can keep agents apart.
 */
export interface Keys {
  /** BullMQ's prefix too. */
  prefix: string;
  request(id: string): string;
  reading(id: string): string;
  surface(id: string): string;
  thread(channel: string, ts: string): string;
  card(channel: string, ts: string): string;
  deleted(channel: string, ts: string): string;
  /** When this person last took back a reaction to the message. */
  takenBack(channel: string, ts: string, user: string): string;
  gesture(key: string): string;
  byRequester(user: string): string;
  /** Held by the request whose change of this workload is under way. */
  workloadLock(cluster: string, uid: string): string;
  open: string;
  recent: string;
  intents: string;
  audit: string;
  auditHead: string;
  /** How many of the log's entries retention has removed. */
  auditRemoved: string;
  /** The day's checkpoint, and how far it has got. */
  checkpoint: string;
  /** Held by the hub that keeps the log: one at a time. */
  auditKeeper: string;
  homeOpened: string;
  homeFilter: string;
  homeShown: string;
  /** There while a person's Home is not to be published again. */
  homePause(user: string): string;
  /** Of one cluster's agent. */
  journal(cluster: string, request: string): string;
  /** The latest attempt at an order that an agent has begun with. */
  latestAttempt(cluster: string, request: string): string;
  running(cluster: string, request: string): string;
  /** Written to find out whether Redis takes anything. */
  probe(cluster: string): string;
  snapshot(cluster: string): string;
  /** What the reporting agent of a cluster has told last. */
  findings(cluster: string): string;
  /** Clusters that an agent ever reported of. */
  clusters: string;
  incident(id: string): string;
  /** Id of the latest incident of each cause and owner in a cluster. */
  incidents(cluster: string): string;
  incidentSurface(id: string): string;
  silences: string;
  storm(id: string): string;
  /** Id of the latest storm of each channel. */
  storms: string;
  /** Channels that have something to be shown in, and what. */
  unshownChannels: string;
  unshown(channel: string): string;
  /** When each channel got its last message, and when any message was edited last. */
  paced: string;
  /** When the next call of a method in a channel may be made, after Slack has answered 429. */
  limited(method: string, channel: string | undefined): string;
}

export const DEFAULT_PREFIX = '{opsbot}';

export function createKeys(prefix: string = DEFAULT_PREFIX): Keys {
  const key = (...parts: string[]) => [prefix, ...parts].join(':');
  return {
    prefix,
    request: (id) => key('request', id),
    reading: (id) => key('reading', id),
    surface: (id) => key('surface', id),
    thread: (channel, ts) => key('thread', channel, ts),
    card: (channel, ts) => key('card', channel, ts),
    deleted: (channel, ts) => key('deleted', channel, ts),
    takenBack: (channel, ts, user) => key('taken-back', channel, ts, user),
    gesture: (gestureKey) => key('gesture', gestureKey),
    byRequester: (user) => key('requester', user),
    workloadLock: (cluster, uid) => key('lock', cluster, uid),
    open: key('open'),
    recent: key('recent'),
    intents: key('intents'),
    audit: key('audit'),
    auditHead: key('audit', 'head'),
    auditRemoved: key('audit', 'removed'),
    checkpoint: key('audit', 'checkpoint'),
    auditKeeper: key('audit', 'keeper'),
    homeOpened: key('home', 'opened'),
    homeFilter: key('home', 'filter'),
    homeShown: key('home', 'shown'),
    homePause: (user) => key('home', 'pause', user),
    journal: (cluster, request) => key(cluster, 'journal', request),
    latestAttempt: (cluster, request) => key(cluster, 'latest-attempt', request),
    running: (cluster, request) => key(cluster, 'running', request),
    probe: (cluster) => key(cluster, 'probe'),
    snapshot: (cluster) => key(cluster, 'snapshot'),
    findings: (cluster) => key(cluster, 'findings'),
    clusters: key('clusters'),
    incident: (id) => key('incident', id),
    incidents: (cluster) => key('incidents-of', cluster),
    incidentSurface: (id) => key('incident-surface', id),
    silences: key('silences'),
    storm: (id) => key('storm', id),
    storms: key('storms'),
    unshownChannels: key('unshown'),
    unshown: (channel) => key('unshown', channel),
    paced: key('paced'),
    limited: (method, channel = '') => key('limited', method, channel),
  };
}
