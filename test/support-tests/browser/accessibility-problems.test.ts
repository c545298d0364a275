import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessibilityProblems } from '../../support/browser/accessibility-problems.ts';
import { openBrowser } from '../../support/browser/open-browser.ts';
import { openWindow } from '../../support/browser/open-window.ts';
import { htmlPage, serveSite } from './site.ts';

describe('the accessibility of a page', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser.close());

  async function problemsOf(main: string): Promise<string[]> {
    await using site = await serveSite({ 'index.html': htmlPage({ main }) });
    const { page } = await openWindow(browser, site.url);
    const found = await accessibilityProblems(page);
    await page.close();
    return found;
  }

  it.each([
    [
      'a button without a name',
      '<button></button>',
      'button-name (critical): Buttons must have discernible text: <button></button>',
    ],
    [
      'an input without a label',
      '<input id="replicas">',
      'label (critical): Form elements must have labels: <input id="replicas">',
    ],
  ])('says what is wrong: %s', async (_, main, expected) => {
    expect(await problemsOf(main)).toEqual([expected]);
  });

  it('names each element, and cuts a long one', async () => {
    const long = `<button class="${'wide '.repeat(50)}"></button>`;
    const found = await problemsOf(`${long}<button>\n<span></span></button>`);
    const start = 'button-name (critical): Buttons must have discernible text: ';
    expect(found).toEqual([`${start}${long.slice(0, 119)}…`, `${start}<button> <span></span></button>`]);
  });

  it('finds nothing in a page that is fine, nor in one that it has looked at', async () => {
    await using site = await serveSite({
      'index.html': htmlPage({
        main: '<label>Replicas <input></label><button>Scale</button>',
        popup: '<div role="menu"><button role="menuitem">Restart</button></div>',
      }),
    });
    const { page, problems } = await openWindow(browser, site.url);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(problems()).toEqual([]);
    await page.close();
  });
});
