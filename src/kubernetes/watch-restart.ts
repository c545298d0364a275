import { NotAllowedError, NotFoundError } from '../errors.ts';
import { BusyError, GoneError } from './api-error.ts';
import { SilenceError } from './watchdog.ts';

/**
 * Why a list or a watch begins anew. `ended`: the API server's time limit; `expired`: it no longer has that version;
 * `silent`: nothing was heard of it; `denied`: it may not be read, or does not exist; `busy`: too many calls.
 */
export type WatchRestart = 'ended' | 'expired' | 'silent' | 'denied' | 'busy' | 'broken';

export function restartAfter(error: unknown): WatchRestart {
  if (error instanceof GoneError) return 'expired';
  if (error instanceof SilenceError) return 'silent';
  if (error instanceof BusyError) return 'busy';
  return error instanceof NotAllowedError || error instanceof NotFoundError ? 'denied' : 'broken';
}
