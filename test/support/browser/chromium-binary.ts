import { existsSync } from 'node:fs';
import { findOrInstall, install, isExecutable, mayInstall } from '../debian-package.ts';

const EMOJI_PACKAGE = 'fonts-noto-color-emoji';
const EMOJI_FONT = '/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf';

/** Path of a Chromium or Chrome: the one that CHROMIUM names, else one in PATH, else a fresh one. */
export async function chromiumBinary(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  if (!env.CHROMIUM) {
    return findOrInstall({
      names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
      packages: ['chromium', EMOJI_PACKAGE],
      advice: 'No Chromium or Chrome in PATH: install one, or set CHROMIUM to the path of one for the tests.',
    });
  }
  if (isExecutable(env.CHROMIUM)) return env.CHROMIUM;
  throw new Error(`CHROMIUM names ${env.CHROMIUM}, which is no program: set it to the path of a Chromium or Chrome.`);
}

/** Sees to it that emoji are drawn, where that needs nobody's leave. Only pictures suffer where they are not. */
export async function ensureEmoji(): Promise<void> {
  if (existsSync(EMOJI_FONT) || !mayInstall()) return;
  await install([EMOJI_PACKAGE]).catch((error: Error) => process.stderr.write(`${error.message}\n`));
}
