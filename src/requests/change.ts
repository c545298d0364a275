import { ConflictError, NotFoundError } from '../errors.ts';
import { concerning } from '../telemetry/work.ts';
import { isAboutSurfaces } from './audit.ts';
import { type Intent, intentsOf } from './intents.ts';
import { type Event, type Request, tracesOf } from './request.ts';
import type { CommitListener, RequestSurface, Surfaces } from './requests.ts';
import type { Committed, Store } from './store.ts';
import { transition } from './transition.ts';

/**
 * What to do with a request as it is now. `refuse`: nothing, and why. `events` with `refuse`: change it, and still tell
 * the person no (an expired request is closed by the click that came too late).
 */
export interface Decision {
  events: Event[];
  refuse?: string | undefined;
  lock?: 'take' | 'free';
}
export type Decide = (request: Request) => Decision;

export type Changed = {
  request: Request;
  changed: boolean;
  refused?: string | undefined;
  lockedBy?: string | undefined;
};

/** Hands stored intents on to the queues. Never throws: what it cannot hand on, the sweep will. */
export type Dispatch = (intents: readonly Intent[]) => Promise<void>;

export interface ChangeDependencies {
  store: Store;
  surfaces: Pick<Surfaces, 'get'>;
  dispatch: Dispatch;
  onCommit: CommitListener;
  now(): number;
}

/** Other writers may get in between so often before it is called a fault; each round is one round trip to Redis. */
const MAX_ATTEMPTS = 200;

interface Steps {
  steps: { event: Event; after: Request }[];
  refused: string | undefined;
}

function applyAll(request: Request, events: readonly Event[], now: number): Steps {
  const steps: Steps['steps'] = [];
  let current = request;
  for (const event of events) {
    const next = transition(current, event, now);
    if (next.refused !== undefined) return { steps: [], refused: next.refused };
    steps.push({ event, after: next.request });
    current = next.request;
  }
  return { steps, refused: undefined };
}

export async function load(store: Store, id: string): Promise<Request> {
  const request = await store.load(id);
  if (request) {
    tellOf(request);
    return request;
  }
  throw new NotFoundError(`There is no request ${id}.`, {
    advice: 'Ended requests are kept for 30 days. `pending` lists the open ones.',
  });
}

/** What is under way is about this request. */
export function tellOf(request: Request): void {
  const { id, action, cluster, plan } = request;
  concerning({ request: id, action, cluster, namespace: plan?.target.namespace, links: tracesOf(request) });
}

/** Changes one request: load, decide, commit if nobody else did in between, else decide again on what is there then. */
export function createChange({ store, surfaces, dispatch, onCommit, now }: ChangeDependencies) {
  /** Asked for only where the log says it: reports of progress are many. */
  async function shown(steps: Steps['steps']): Promise<RequestSurface | undefined> {
    const about = steps.find(({ event, after }) => isAboutSurfaces(after, event));
    return about && surfaces.get(about.after.id);
  }

  async function finish(before: Request, steps: Steps['steps'], decision: Decision, at: number): Promise<Committed> {
    const after = steps.at(-1)?.after ?? before;
    const events = steps.map((step) => step.event);
    const intents = intentsOf(after, events, at);
    const surface = await shown(steps);
    const { lock } = decision;
    const committed = await store.commit({ before, steps, intents, surface, ...(lock && { lock }) }, at);
    if (committed.result === 'ok') {
      tellOf(after);
      onCommit(after, events);
      await dispatch(intents);
    }
    return committed;
  }

  return async function change(id: string, decide: Decide): Promise<Changed> {
    concerning({ request: id });
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const before = await load(store, id);
      const decision = decide(before);
      const at = now();
      const { steps, refused } = applyAll(before, decision.events, at);
      if (refused !== undefined) return { request: before, changed: false, refused };
      const after = steps.at(-1)?.after;
      if (!after) return { request: before, changed: false, refused: decision.refuse };
      const committed = await finish(before, steps, decision, at);
      if (committed.result === 'ok') return { request: after, changed: true, refused: decision.refuse };
      if (committed.result === 'locked') return { request: before, changed: false, lockedBy: committed.by };
    }
    throw new ConflictError(`Request ${id} changes too quickly to be changed.`, { advice: 'Try again.' });
  };
}
export type Change = ReturnType<typeof createChange>;
