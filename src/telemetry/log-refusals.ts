import type { Logger } from 'pino';
import { onEnded } from './on-ended.ts';

/** Has the log tell why a gesture was refused, where no error says so: a vote that does not count, a click that came late. */
export function logRefusals(logger: Logger): void {
  onEnded('gesture', ({ kind, outcome, reason }) => {
    if (outcome === 'refused' && reason !== undefined) logger.info({ gesture: kind, reason }, 'a gesture was refused');
  });
}
