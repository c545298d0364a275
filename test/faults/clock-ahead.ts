import { readFileSync } from 'node:fs';

/**
 * Loaded into opsbot before anything else: its clock is as many ms ahead as a file says, which is read at the start and
 * again at SIGUSR2, as if somebody had set the clock, or the machine had slept.
 */
const path = process.env.CLOCK_AHEAD_FILE ?? '';
const read = () => Number(readFileSync(path, 'utf8'));

let ahead = read();
const now = Date.now;
Date.now = () => now() + ahead;
process.on('SIGUSR2', () => {
  ahead = read();
});
