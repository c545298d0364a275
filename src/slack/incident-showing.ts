import type { WebClient } from '@slack/web-api';
import type { Logger } from 'pino';
import type { IncidentSurface, IncidentSurfaces } from '../incidents/incidents.ts';
import type { Poster } from './post-once.ts';

export interface IncidentShowingDependencies {
  surfaces: IncidentSurfaces;
  /** The outbox's own client. */
  slack: WebClient;
  log: Logger;
  now: () => number;
}

export interface Shown {
  id: string;
  channel: string;
  /** A channel or a message that was lost is tried again with the next one. */
  episode: number;
}

/** One incident, or storm, while its messages are brought up to date. `surface` is what is stored; `save` changes both. */
export interface IncidentShowing extends Shown {
  readonly surface: IncidentSurface;
  save(change: Partial<IncidentSurface>): Promise<void>;
  /** `since`: the post that is made cannot be older, in ms since the epoch. */
  poster(since: number): Poster;
  slack: WebClient;
  log: Logger;
  now: () => number;
}

export async function openShowing(deps: IncidentShowingDependencies, shown: Shown): Promise<IncidentShowing> {
  const { surfaces, slack, log, now } = deps;
  const { id, channel } = shown;
  let surface: IncidentSurface = (await surfaces.get(id)) ?? {
    channel,
    ts: undefined,
    shown: undefined,
    told: 0,
    posting: undefined,
    gone: undefined,
  };
  const showing: IncidentShowing = {
    ...shown,
    get surface() {
      return surface;
    },
    async save(change) {
      surface = { ...surface, ...change };
      await surfaces.put(id, surface);
    },
    poster: (since) => ({ subject: { type: 'incident', id, since }, surface, save: showing.save, slack }),
    slack,
    log,
    now,
  };
  return showing;
}
