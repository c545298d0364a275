import type { Logger } from 'pino';
import { UnavailableError } from '../src/errors.ts';
import type { IncidentNotifier, IncidentSurface, IncidentSurfaces } from '../src/incidents/incidents.ts';
import type { Keys } from '../src/requests/keys.ts';
import { RateLimited } from '../src/requests/requests.ts';
import { regarding } from '../src/telemetry/work.ts';
import type { IncidentStore } from './incident-store.ts';
import type { IncidentPace } from './pace.ts';
import { createSetbacks } from './setbacks.ts';
import { turnOfChanged, turnOfStorm } from './turn.ts';
import type { Unshown } from './unshown.ts';

export interface IncidentOutboxDependencies {
  store: Pick<IncidentStore, 'get' | 'getAll' | 'getStorm'>;
  keys: Keys;
  unshown: Unshown;
  surfaces: IncidentSurfaces;
  notifier: IncidentNotifier;
  pace: IncidentPace;
  logger: Logger;
  now(): number;
  /** Resolves after `ms`, or when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** Something as it is now, and the way to show it. `version` is undefined where there is nothing to be shown any more. */
interface Item {
  id: string;
  key: string;
  version: number | undefined;
  show(): Promise<'more' | 'done'>;
  /** When its turn comes again. */
  turn(): number;
}

const isStorm = (id: string) => id.startsWith('s-');

/** Whether a call made a message, or an edit, or neither. */
function madeBetween(before: IncidentSurface | undefined, after: IncidentSurface | undefined) {
  if (after?.ts !== before?.ts || (after?.told ?? 0) !== (before?.told ?? 0)) return 'post';
  return after?.shown === before?.shown ? undefined : 'edit';
}

function orUnavailable(error: unknown): UnavailableError {
  if (error instanceof UnavailableError) return error;
  throw error;
}

/** Brings a channel up to date, one call to Slack after the other, always with what is true by then. */
export function createIncidentOutbox(deps: IncidentOutboxDependencies) {
  const { store, keys, unshown, surfaces, notifier, pace, logger, now, wait } = deps;

  async function loadStorm(id: string): Promise<Item> {
    const storm = await store.getStorm(id);
    return {
      id,
      key: keys.storm(id),
      version: storm?.version,
      show: async () => (storm ? notifier.showStorm(storm, await store.getAll(storm.members)) : 'done'),
      turn: () => turnOfStorm(now()),
    };
  }

  async function loadIncident(id: string): Promise<Item> {
    const incident = await store.get(id);
    return {
      id,
      key: keys.incident(id),
      version: incident?.version,
      show: async () => (incident ? notifier.show(incident) : 'done'),
      turn: () => turnOfChanged(now()),
    };
  }

  /** What cannot be shown for a reason that stays must not hold up the channel; its next change is tried again. */
  async function show(channel: string, item: Item): Promise<'more' | 'done'> {
    try {
      return await item.show();
    } catch (err) {
      if (err instanceof RateLimited || err instanceof UnavailableError) throw err;
      logger.error({ err, channel, incident: item.id }, 'cannot be shown');
      return 'done';
    }
  }

  function step(channel: string, id: string, before: IncidentSurface | undefined): Promise<void> {
    return regarding({ incident: id }, () => bringUpToDate(channel, id, before));
  }

  async function bringUpToDate(channel: string, id: string, before: IncidentSurface | undefined): Promise<void> {
    const item = await (isStorm(id) ? loadStorm(id) : loadIncident(id));
    const answer = await show(channel, item);
    const after = await surfaces.get(id);
    // Where there is more and nothing to be seen of this call, the next one must not follow at once.
    const made = madeBetween(before, after) ?? (answer === 'more' ? 'post' : undefined);
    if (made) await pace.made(channel, made);
    if (answer === 'done') await unshown.settle(channel, { ...item, turn: item.turn() });
    else if (after?.ts !== undefined) await unshown.putOff(channel, id, item.turn());
  }

  return {
    /**
     * Until the channel shows everything, or the signal aborts: what is left then stays stored. RateLimited and
     * UnavailableError: to be tried again.
     */
    async showChannel(channel: string, signal: AbortSignal): Promise<void> {
      const setbacks = createSetbacks(now);
      while (!signal.aborted && !setbacks.isOutage()) {
        const id = await unshown.next(channel, setbacks.waiting());
        if (id === undefined) break;
        const surface = await surfaces.get(id);
        const ms = await pace.waitMs(channel, surface?.ts !== undefined);
        // After a wait something else may come first.
        if (ms > 0) await wait(ms, signal);
        else setbacks.noted(id, await step(channel, id, surface).then(() => undefined, orUnavailable));
      }
      const failure = setbacks.failure();
      if (failure) throw failure;
    },
  };
}
