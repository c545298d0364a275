import axe, { type AxeResults, type Result, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const HTML_SHOWN = 120;

const OPTIONS: RunOptions = {
  resultTypes: ['violations'],
  // Menus and lists that pop up lie outside the page's landmarks, as they should.
  rules: { region: { enabled: false } },
};

/** What axe finds wrong with the page as it is now, one line for each element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // As an expression, not as a script tag, which a page's Content-Security-Policy would refuse.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(OPTIONS)})`);
  return violations.flatMap(linesOf);
}

function linesOf({ id, help, impact, nodes }: Result): string[] {
  return nodes.map(({ html }) => `${id} (${impact}): ${help}: ${cut(html.replaceAll(/\s+/g, ' '))}`);
}

function cut(html: string): string {
  return html.length <= HTML_SHOWN ? html : `${html.slice(0, HTML_SHOWN - 1)}…`;
}
