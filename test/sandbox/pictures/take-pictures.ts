import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { ensureEmoji } from '../../support/browser/chromium-binary.ts';
import { openBrowser } from '../../support/browser/open-browser.ts';
import { openWindow } from '../../support/browser/open-window.ts';
import { untilAborted } from '../interruption.ts';
import { bundlePage } from '../page/bundle-page.ts';
import { servePage } from '../page/serve-page.ts';
import { createLocalScene } from '../scene/local-scene.ts';
import { PEOPLE, startSandbox } from '../start-sandbox.ts';
import { PICTURES, type Picture } from './pictures.ts';
import { playStory } from './story.ts';

const SCHEMES = ['light', 'dark'] as const;

/** Pixels of the picture for one of the page. */
const SCALE = 1.5;

/** Nobody looks on while the story is played. */
const HASTE = 4;

export interface TakeOptions {
  folder: string;
  env: NodeJS.ProcessEnv;
  /** Ends it early; everything that was started is ended first. */
  signal: AbortSignal;
}

/** Plays the story and writes each picture as `<name>-light.png` and `<name>-dark.png`; resolves with their paths. */
export async function takePictures({ folder, env, signal }: TakeOptions): Promise<string[]> {
  await ensureEmoji();
  await using sandbox = await startSandbox({
    createScene: () => createLocalScene({ haste: HASTE }),
    ...{ env, signal },
  });
  await using page = await servePage({ sandbox, assets: await bundlePage(), players: PEOPLE });
  await using browser = await openBrowser();
  const takeAll = async () => {
    const story = await playStory(sandbox);
    const taken: string[] = [];
    for (const picture of PICTURES) {
      const url = `${page.url}?as=${picture.as}#${picture.at(story)}`;
      taken.push(...(await take(browser, picture, url, folder)));
    }
    return taken;
  };
  return await Promise.race([takeAll(), untilAborted(signal)]);
}

async function take(browser: Browser, picture: Picture, url: string, folder: string): Promise<string[]> {
  const [width, height] = picture.size;
  const { page, problems } = await openWindow(browser, url, { viewport: { width, height }, deviceScaleFactor: SCALE });
  await picture.prepare(page);
  const taken: string[] = [];
  for (const colorScheme of SCHEMES) {
    const path = join(folder, `${picture.name}-${colorScheme}.png`);
    await page.emulateMedia({ colorScheme });
    const clip = await boxOf(page, picture);
    await page.screenshot({ path, ...(clip ? { clip } : {}) });
    taken.push(path);
  }
  await page.close();
  if (problems().length > 0) throw new Error(`${picture.name}: ${problems().join('; ')}`);
  return taken;
}

/** The smallest rectangle around all that it shows; undefined for the whole window. */
async function boxOf(page: Page, { shows, margin }: Picture) {
  if (shows.length === 0) return undefined;
  const boxes = await Promise.all(shows.map((selector) => page.locator(selector).boundingBox()));
  const found = boxes.filter((box) => box !== null);
  const x = Math.min(...found.map((box) => box.x)) - margin;
  const y = Math.min(...found.map((box) => box.y)) - margin;
  const right = Math.max(...found.map((box) => box.x + box.width)) + margin;
  const bottom = Math.max(...found.map((box) => box.y + box.height)) + margin;
  return { x, y, width: right - x, height: bottom - y };
}
