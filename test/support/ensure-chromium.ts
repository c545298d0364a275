import { chromiumBinary, ensureEmoji } from './browser/chromium-binary.ts';

/**
 * Once before all test files, as with Redis: the installation of a browser takes longer than any test may. Without one
 * the others still run; those that need it fail and say so.
 */
export async function setup(): Promise<void> {
  try {
    await chromiumBinary();
    await ensureEmoji();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  }
}
