import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../support/browser/open-browser.ts';
import { openWindow } from '../../support/browser/open-window.ts';
import { htmlPage, serveSite } from './site.ts';

describe('a window', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  /** What is reported of a page with that script, once it says that it is done. */
  async function problemsOf(script: string): Promise<{ problems: string[]; url: string }> {
    await using site = await serveSite({
      'index.html': htmlPage({ script: true }),
      'script.js': `addEventListener('unhandledrejection', done);
        function done() { document.title = 'done'; }
        ${script}`,
    });
    const { page, problems } = await openWindow(browser, site.url);
    await page.waitForFunction("document.title === 'done'");
    await page.close();
    return { problems: problems(), url: site.url };
  }

  it('reports what the page says and what it did not catch', async () => {
    const { problems } = await problemsOf(`
      console.log('hello');
      console.warn('soon gone');
      console.error('no', { such: 'pod' });
      Promise.reject(new Error('no nodes'));
      throw new TypeError('no pods');
    `);
    expect(problems).toEqual([
      'console warning: soon gone',
      'console error: no {such: pod}',
      'uncaught TypeError: no pods',
      'uncaught Error: no nodes',
    ]);
  });

  it('reports an image that is not there, once', async () => {
    const { problems, url } = await problemsOf(
      "const image = new Image(); image.onerror = done; image.src = '/pod.png'; document.body.append(image)",
    );
    expect(problems).toEqual([`GET ${url}/pod.png: 404 Not Found`]);
  });

  it('reports a request that got no answer', async () => {
    await using site = await serveSite({ 'index.html': htmlPage() });
    const { page, problems } = await openWindow(browser, site.url);
    await page.route('**/gesture', (route) => route.abort('connectionreset'));
    await page.evaluate("fetch('/gesture', { method: 'POST' }).catch(() => undefined)");
    expect(problems()).toEqual([`POST ${site.url}/gesture: net::ERR_CONNECTION_RESET`]);
    await page.close();
  });

  it.each([
    ['left', "location.href = '/?again'"],
    ['gave it up', 'patience.abort()'],
  ])('does not report a request without an answer yet where the page %s', async (_, how) => {
    await using site = await serveSite({ 'index.html': htmlPage() });
    const { page, problems } = await openWindow(browser, site.url);
    await page.route('**/events', () => undefined);
    const asked = page.waitForEvent('request');
    await page.evaluate(`
      globalThis.patience = new AbortController();
      void fetch('/events', { signal: patience.signal }).catch(() => undefined);
    `);
    await asked;
    const failed = page.waitForEvent('requestfailed');
    await page.evaluate(how);
    await failed;
    expect(problems()).toEqual([]);
    await page.close();
  });

  it('reports what the page may not load', async () => {
    const { problems } = await problemsOf(
      "const image = new Image(); image.onerror = done; image.src = 'https://example.com/pod.png'; document.body.append(image)",
    );
    expect(problems).toEqual([expect.stringContaining('violates the following Content Security Policy directive')]);
  });

  it('looks as asked, and the same everywhere', async () => {
    await using site = await serveSite({ 'index.html': htmlPage() });
    const { page, problems } = await openWindow(browser, site.url, {
      colorScheme: 'dark',
      viewport: { width: 700, height: 500 },
    });
    const seen = await page.evaluate(`({
      dark: matchMedia('(prefers-color-scheme: dark)').matches,
      still: matchMedia('(prefers-reduced-motion: reduce)').matches,
      size: [innerWidth, innerHeight],
      language: navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    })`);
    expect(seen).toEqual({ dark: true, still: true, size: [700, 500], language: 'en-US', timezone: 'UTC' });
    expect(problems()).toEqual([]);
    await page.close();
  });

  it('shares nothing with another, and ends with its page', async () => {
    await using site = await serveSite({ 'index.html': htmlPage() });
    const [one, other] = await Promise.all([openWindow(browser, site.url), openWindow(browser, site.url)]);
    await one.page.evaluate("localStorage.setItem('me', 'U1')");
    expect(await other.page.evaluate("localStorage.getItem('me')")).toBeNull();
    const windows = [one.page.context(), other.page.context()];
    await Promise.all([one.page.close(), other.page.close()]);
    expect(browser.contexts().filter((open) => windows.includes(open))).toEqual([]);
  });
});
