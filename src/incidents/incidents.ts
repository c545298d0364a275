import type { Owner } from './finding.ts';
import type { Incident, Silence, Storm } from './incident.ts';

/**
 * What people can do about incidents. Every method is durable, and on the audit log, when it resolves. `refused` is a
 * sentence for the person. Errors: NotFoundError where the incident is forgotten; NotAllowedError for those who may not
 * use opsbot; UnavailableError where Redis is away.
 */
export interface IncidentDesk {
  get(id: string): Promise<Incident>;
  /** “I'm on it”. Another person takes over from who was. */
  acknowledge(by: { id: string; user: string }): Promise<IncidentAnswer>;
  /** Silences the owner of the incident, for all its causes. `ms`: from now. */
  silence(by: { id: string; user: string; ms: number }): Promise<IncidentAnswer>;
  endSilence(by: { cluster: string; owner: Owner; user: string }): Promise<{ refused: string | undefined }>;
  /** Not yet over, the one that ends first first. */
  silences(): Promise<Silence[]>;
  /** Not resolved, of all clusters; the gravest first, then the oldest. */
  open(): Promise<Incident[]>;
  /** ms since the epoch until which the findings of the cluster are known to be right; undefined: nobody ever told. */
  watchedUntil(cluster: string): Promise<number | undefined>;
}

export type IncidentAnswer = { incident: Incident; refused: string | undefined };

/** Where an incident or a storm is shown, kept apart from it because only the outbox writes it. */
export interface IncidentSurface {
  channel: string;
  /** The root message; undefined while there is none. */
  ts: string | undefined;
  /** Digest of what the root shows. */
  shown: string | undefined;
  /** The last step posted or edited the root: a reply that waits comes before its next edit. */
  rootWasLast?: boolean | undefined;
  /** `seq` of the last note that the thread has. */
  told: number;
  /** Name of the post that is under way, stored before it is tried. */
  posting: string | undefined;
  /** Where an episode is not shown any more, as somebody deleted its message: what Slack said. */
  gone: string | undefined;
}

export interface IncidentSurfaces {
  get(id: string): Promise<IncidentSurface | undefined>;
  put(id: string, surface: IncidentSurface): Promise<void>;
}

/**
 * What the outbox calls; implemented in src/slack. Each call makes at most one message, or one edit, so that the outbox
 * decides what comes next and how fast. `more`: there is more to show of it. RateLimited and UnavailableError (Slack is
 * away, or opsbot is not in the channel) are tried again later; anything else is final.
 */
export interface IncidentNotifier {
  show(incident: Incident): Promise<'more' | 'done'>;
  /** `members`: those that are still known. */
  showStorm(storm: Storm, members: readonly Incident[]): Promise<'more' | 'done'>;
}
