import type { Logger } from 'pino';
import { type Event, isStep, type Request, type Step } from '../requests/request.ts';
import type { CommitListener } from '../requests/requests.ts';

/**
 * Has the log tell the story of each request: a line for every entry that the audit log has of it, with who and what, but
 * without what people wrote.
 */
export function logStory(logger: Logger): CommitListener {
  return (request, events) => {
    const told = events.filter(isStep);
    const first = request.steps.length - told.length;
    for (const [index, event] of told.entries()) {
      const [before, step] = [request.steps[first + index - 1], request.steps[first + index]];
      if (step) logger.info(lineOf(request, step, before, event), messageOf(step, before));
    }
  };
}

function lineOf({ id, action, cluster, plan }: Request, step: Step, before: Step | undefined, event: Event) {
  const { actor } = step;
  return {
    request: id,
    action,
    cluster,
    namespace: plan?.target.namespace,
    event: step.event,
    from: before?.state,
    to: step.state,
    by: typeof actor === 'string' ? actor : actor.user,
    reason: reasonOf(event),
  };
}

/** `request approved`; where the state stays the same, what happened: `request voted`. */
function messageOf({ state, event }: Step, before: Step | undefined): string {
  return `request ${state === before?.state ? event : state}`;
}

/** In a word, where there is one: sentences are for people, and may hold what they wrote. */
function reasonOf(event: Event): string | undefined {
  switch (event.type) {
    case 'plan-failed':
      return event.error.kind;
    case 'finished':
    case 'settled':
      return event.outcome.result === 'failed' ? event.outcome.reason : undefined;
    default:
      return undefined;
  }
}
