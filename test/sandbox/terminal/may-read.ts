import { readFileSync } from 'node:fs';
import type { ReadStream } from 'node:tty';

/**
 * Whether this process may read its input. One in the background of a terminal (`npm run sandbox &`) would be stopped by
 * the system if it did; which one it is only Linux says.
 */
export function mayRead(input: Pick<ReadStream, 'isTTY'>): boolean {
  if (!input.isTTY) return true;
  try {
    // pid (name) state ppid pgrp session tty_nr tpgid …; the name may hold anything, parentheses too.
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return true;
  }
}
