import { readFileSync } from 'node:fs';
import type { ReadStream } from 'node:tty';

/**
 * Whether somebody may type here. A process in the background of a terminal (`npm run sandbox &`) would be stopped by
 * the system if it read; which one it is only Linux says.
 */
export function isTypedAt(input: Pick<ReadStream, 'isTTY'>): boolean {
  if (!input.isTTY) return false;
  try {
    // pid (name) state ppid pgrp session tty_nr tpgid …; the name may hold anything, parentheses too.
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return true;
  }
}
