import type { Logger } from 'pino';
import { channelOf, type Told } from './work.ts';

/** Has the log tell why a gesture was refused, where no error says so: a vote that does not count, a click that came late. */
export function logRefusals(logger: Logger): void {
  channelOf('gesture').subscribe({
    start() {},
    end() {},
    asyncStart() {},
    asyncEnd({ kind, outcome, reason }: Told<'gesture'>) {
      if (outcome === 'refused' && reason !== undefined)
        logger.info({ gesture: kind, reason }, 'a gesture was refused');
    },
    error() {},
  });
}
