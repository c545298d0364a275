import type { Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from 'pino';

/**
 * Bolt's and the Web API client's log, through ours. Their debug lines hold whole payloads (messages that are none of
 * our business, tokens), so there is no way to turn them on.
 */
export function boltLogger(log: Logger): BoltLogger {
  const child = log.child({ library: 'bolt' });
  const text = (message: unknown[]) => message.map((m) => (m instanceof Error ? m.message : String(m))).join(' ');
  return {
    debug: () => {},
    info: (...message) => child.debug(text(message)),
    warn: (...message) => child.warn(text(message)),
    error: (...message) => child.error(text(message)),
    setLevel: () => {},
    getLevel: () => 'info' as LogLevel,
    setName: () => {},
  };
}
