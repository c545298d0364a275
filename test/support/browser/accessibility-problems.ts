import axe, { type AxeResults, type Result, type RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const HTML_SHOWN = 120;

/** What axe finds that keeps people from using the page as it is now, one line for each element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // As an expression, not as a script tag, which a page's Content-Security-Policy would refuse.
  await page.evaluate(axe.source);
  const options: RunOptions = { resultTypes: ['violations'] };
  const { violations } = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify(options)})`);
  return violations.flatMap(linesOf);
}

function linesOf({ id, help, impact, nodes }: Result): string[] {
  return nodes.map(({ html }) => `${id} (${impact}): ${help}: ${cut(html.replaceAll(/\s+/g, ' '))}`);
}

function cut(html: string): string {
  return html.length <= HTML_SHOWN ? html : `${html.slice(0, HTML_SHOWN - 1)}…`;
}
