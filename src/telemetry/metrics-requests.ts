import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { isStep, isTerminal, type Request, STATES, type State, type Step } from '../requests/request.ts';
import type { CommitListener } from '../requests/requests.ts';
import type { Source } from './metrics-sources.ts';

/** From what an agent does at once to what people take a day for. */
const STATE_BUCKETS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 4 * 3_600, 24 * 3_600];

/** A request that is not over, and since when it is in its state, in ms since the epoch. */
export interface OpenRequest {
  state: State;
  since: number;
}

export function openRequest({ state, steps, createdAt }: Request): OpenRequest {
  return { state, since: steps[beganAt(steps, steps.length - 1)]?.at ?? createdAt };
}

/** Index of the step with which the state began that the request was in after the step at `last`. */
function beganAt(steps: readonly Step[], last: number): number {
  let first = last;
  while (first > 0 && steps[first - 1]?.state === steps[last]?.state) first -= 1;
  return first;
}

/** Which states the last `count` steps have led to, and how long, in ms, the state lasted that each has ended. */
export function changesOf(steps: readonly Step[], count: number): { state: State; left?: State; lasted?: number }[] {
  return steps.slice(-count).flatMap((step, index) => {
    const at = steps.length - count + index;
    const before = steps[at - 1];
    if (before === undefined) return [{ state: step.state }];
    if (before.state === step.state) return [];
    const since = steps[beganAt(steps, at - 1)]?.at ?? before.at;
    return [{ state: step.state, left: before.state, lasted: step.at - since }];
  });
}

/** Of the requests that the hub of this process changes, and of all that are open. `actions`: names of all there are. */
export function measureRequests(
  registry: Registry,
  actions: readonly string[],
  open: () => Promise<readonly OpenRequest[]>,
): { onCommit: CommitListener; source: Source } {
  const registers = [registry];
  const transitions = new Counter({
    name: 'opsbot_request_transitions_total',
    help: 'Requests that came into a state, counted by the process that brought them there. succeeded, failed and unknown say how executions ended.',
    labelNames: ['action', 'state'],
    registers,
  });
  const lasted = new Histogram({
    name: 'opsbot_request_state_seconds',
    help: 'Time that requests were in a state when they left it. received: waiting for the plan; pending: for people; approved: for the release; executing: for the outcome.',
    labelNames: ['state'],
    buckets: STATE_BUCKETS,
    registers,
  });
  const gauge = new Gauge({
    name: 'opsbot_requests',
    help: 'Requests that are not over, of the whole installation: every hub says the same. Of more than 1,000 the newest count.',
    labelNames: ['state'],
    registers,
  });
  const oldest = new Gauge({
    name: 'opsbot_request_oldest_age_seconds',
    help: 'For how long the request that is in the state for longest has been in it; 0 where there is none.',
    labelNames: ['state'],
    registers,
  });
  // A counter that begins with its first failure shows no increase.
  for (const action of actions) for (const state of STATES) transitions.inc({ action, state }, 0);

  return {
    onCommit({ action, steps }, events) {
      const count = events.filter(isStep).length;
      if (count === 0) return;
      for (const { state, left, lasted: ms } of changesOf(steps, count)) {
        transitions.inc({ action, state });
        if (left !== undefined && ms !== undefined) lasted.observe({ state: left }, ms / 1000);
      }
    },
    source: {
      name: 'requests',
      gauges: [gauge, oldest],
      async read() {
        const requests = await open();
        return () => {
          const now = Date.now();
          for (const state of STATES.filter((one) => !isTerminal(one))) {
            const there = requests.filter((request) => request.state === state);
            gauge.set({ state }, there.length);
            oldest.set({ state }, Math.max(0, ...there.map(({ since }) => now - since)) / 1000);
          }
        };
      },
    },
  };
}
