import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { Headlined } from '../../views/headline.ts';
import type { Action } from '../actions/action.ts';
import type { IncidentDesk, IncidentSurfaces } from '../incidents/incidents.ts';
import type { SnapshotReader } from '../kubernetes/snapshot-reader.ts';
import type { History } from '../requests/history.ts';
import type { HomeVisitors, Outbox, Requests, Surfaces } from '../requests/requests.ts';
import type { Directory } from './people.ts';

/** Who opsbot is in the workspace it is installed in. */
export interface Bot {
  userId: string;
  botId: string;
  teamId: string;
  /** Of the workspace: `https://team.slack.com/`. */
  url: string;
}

export interface Channels {
  /** Where requests from shortcuts and Home go; without it the modal asks. */
  requests?: string | undefined;
  /** Where incidents go that no rule sends elsewhere. */
  alerts?: string | undefined;
  /** The only ones that opsbot works in, beside those that the configuration names elsewhere. */
  allowed?: readonly string[] | undefined;
}

/** What the listeners work with: the ports, and the fast client that answers people. */
export interface FrontDesk {
  cluster: string;
  channels: Channels;
  /** All channels that opsbot works in; undefined: any that it is in. Direct messages are not among them. */
  allowed: ReadonlySet<string> | undefined;
  /** What people are offered. */
  actions: readonly Action[];
  /** Names of the actions that the configuration leaves out: whoever asks for one is told so. */
  off: readonly string[];
  /** A request in the words of its action, plain text. */
  headline: (request: Headlined) => string;
  requests: Requests;
  history: History;
  surfaces: Surfaces;
  outbox: Outbox;
  visitors: HomeVisitors;
  incidents: IncidentDesk;
  incidentSurfaces: Pick<IncidentSurfaces, 'get'>;
  /** Some channel is told of incidents. */
  areIncidentsOn: boolean;
  people: Directory;
  snapshot: SnapshotReader;
  slack: WebClient;
  /** Known once the app has started. */
  bot: () => Bot;
  log: Logger;
  /** ms since the epoch. */
  now: () => number;
}
