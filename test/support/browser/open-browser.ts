import { type Browser, chromium } from 'playwright-core';
import { chromiumBinary } from './chromium-binary.ts';

/** A headless Chromium with an empty profile of its own. It ends with this process, however that dies. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumBinary(),
    // As root Chromium refuses to start with its sandbox.
    chromiumSandbox: process.getuid?.() !== 0,
    // Signals do to this process what they do to one without a browser: playwright would keep SIGTERM from it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
