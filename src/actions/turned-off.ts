import { NotAllowedError } from '../errors.ts';
import type { Action } from './action.ts';

/** An action that there is, and that the configuration leaves out. */
export function turnedOff(name: string): NotAllowedError {
  return new NotAllowedError(`${name} is turned off here.`, {
    advice: 'Whoever runs opsbot can turn it on, with `actions:` in its configuration file.',
  });
}

export function isTurnedOff(name: string, enabled: readonly Action[]): boolean {
  return !enabled.some((action) => action.name === name);
}
