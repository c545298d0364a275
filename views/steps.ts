import type { Request, Step } from '../src/requests/request.ts';
import { mention } from './text.ts';

/** The thread's line for a step, mrkdwn; undefined where the step deserves none. */
export function stepLine({ step }: { request: Request; step: Step }): string | undefined {
  const who = typeof step.actor === 'object' ? mention(step.actor.user) : step.actor;
  return step.event === 'voted' ? `${who} approved.` : undefined;
}
