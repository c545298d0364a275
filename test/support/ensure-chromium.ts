import { chromiumBinary, ensureEmoji } from './browser/chromium-binary.ts';

/** Once before all test files, as with Redis: the installation of a browser takes longer than any test may. */
export async function setup(): Promise<void> {
  await chromiumBinary();
  await ensureEmoji();
}
