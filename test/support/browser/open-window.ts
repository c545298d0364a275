import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

export interface Watched {
  page: Page;
  /** What went wrong on the page so far, one line each. */
  problems(): string[];
}

export type WindowOptions = Pick<
  BrowserContextOptions,
  'colorScheme' | 'deviceScaleFactor' | 'reducedMotion' | 'viewport'
>;

/** Less than a test has, so that a failure says which element it is that did not come. */
const PATIENCE_MS = 10_000;

/** Opens a page in a window that shares nothing with others, and watches it. Closing the page ends the window. */
export async function openWindow(browser: Browser, url: string, options: WindowOptions = {}): Promise<Watched> {
  const page = await browser.newPage({ locale: 'en-US', timezoneId: 'UTC', reducedMotion: 'reduce', ...options });
  page.setDefaultTimeout(PATIENCE_MS);
  const problems = watch(page);
  await page.goto(url);
  return { page, problems: () => [...problems] };
}

/**
 * A request that ends like that is not reported: the page was left or gave it up itself; the console says which policy
 * forbids it.
 */
const NO_PROBLEM: ReadonlySet<string> = new Set(['net::ERR_ABORTED', 'csp']);

function watch(page: Page): string[] {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The response or the failed request says so itself, and which method it was.
    if (message.text().startsWith('Failed to load resource:')) return;
    problems.push(`console ${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught ${error}`));
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    if (why && NO_PROBLEM.has(why)) return;
    problems.push(`${request.method()} ${request.url()}: ${why}`);
  });
  page.on('response', (response) => {
    if (response.status() < 400) return;
    problems.push(`${response.request().method()} ${response.url()}: ${response.status()} ${response.statusText()}`);
  });
  return problems;
}
