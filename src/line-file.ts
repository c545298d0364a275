import { writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Appends lines to a file; resolves once they are on the disk. `stdout`: beside the log's own lines. */
export function createLineFile(path: string): (line: string) => Promise<void> {
  if (path === 'stdout') return async (line) => writeFileSync(1, `${line}\n`);
  return async (line) => {
    const file = await open(path, 'a', 0o640);
    try {
      await file.appendFile(`${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  };
}
