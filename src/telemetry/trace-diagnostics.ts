import type { DiagLogger } from '@opentelemetry/api';
import type { Logger } from 'pino';

/** So often at most the log says that something is wrong with tracing, in ms: a collector may be away for days. */
const EVERY_MS = 5 * 60_000;
/** In characters. */
const LONGEST_REASON = 300;

/** What the OTEL packages have to say, in our log: a warning now and then, that says how many were left out before it. */
export function sparingDiagnostics(logger: Logger, now: () => number): DiagLogger {
  let next = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  const warn = (message: string) => {
    if (now() < next) {
      unsaid++;
      return;
    }
    next = now() + EVERY_MS;
    logger.warn({ reason: reasonOf(message), unsaid }, 'traces are not sent as they should be; opsbot goes on without');
    unsaid = 0;
  };
  const ignore = () => {};
  return { error: warn, warn, info: ignore, debug: ignore, verbose: ignore };
}

/** Errors arrive as JSON with their stack. */
function reasonOf(message: string): string {
  const { message: inner, code } = parsed(message);
  const reason = [inner, code].filter((part) => typeof part === 'string' && part !== '').join(' ');
  return (reason || message).slice(0, LONGEST_REASON);
}

function parsed(text: string): { message?: unknown; code?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
