import type { Page } from 'playwright-core';
import type { Story } from './story.ts';

export interface Picture {
  name: string;
  /** Whose window. */
  as: string;
  /** Width and height of the window in CSS pixels. */
  size: readonly [number, number];
  /** Where one looks: what stands behind the # of the page's address. */
  at(story: Story): string;
  /** Resolves once everything is as it shall be seen. */
  prepare(page: Page): Promise<void>;
  /** What is cut out of the window; nothing for all of it. */
  shows: readonly string[];
  /** How much of what is around it, in CSS pixels. */
  margin: number;
}

const THREAD = ['main', '.thread-pane'];

export const PICTURES: readonly Picture[] = [
  {
    name: 'sandbox',
    as: 'bob',
    size: [1440, 860],
    at: ({ pending }) => `${pending.channel}/${pending.ts}`,
    async prepare(page) {
      await page.getByRole('button', { name: 'Approve' }).waitFor();
    },
    shows: [],
    margin: 0,
  },
  {
    name: 'home',
    as: 'bob',
    size: [1000, 1240],
    at: () => 'home',
    async prepare(page) {
      await closeDock(page);
      await page.getByText('Needs attention').waitFor();
    },
    shows: ['main'],
    margin: 0,
  },
  {
    name: 'request',
    as: 'alice',
    size: [1120, 840],
    at: ({ done }) => `${done.channel}/${done.ts}`,
    async prepare(page) {
      await closeDock(page);
      await page.getByRole('button', { name: 'Undo' }).waitFor();
    },
    shows: THREAD,
    margin: 0,
  },
  {
    name: 'incident',
    as: 'carol',
    size: [1120, 1080],
    at: ({ incident }) => `${incident.channel}/${incident.ts}`,
    async prepare(page) {
      await closeDock(page);
      await page.locator('.thread-pane').getByText('Last lines of').waitFor();
      // Not in the moment in which one of them has just been started again.
      await page.locator('.thread-pane').getByText('2 pods keep crashing').waitFor();
    },
    shows: THREAD,
    margin: 0,
  },
  {
    name: 'modal',
    as: 'alice',
    size: [760, 760],
    at: ({ done }) => done.channel,
    async prepare(page) {
      await page.getByRole('button', { name: 'Shortcuts' }).click();
      await page.getByRole('menuitem', { name: 'Scale a workload' }).click();
      const dialog = page.getByRole('dialog');
      await choose(page, 'Namespace', 'default');
      await choose(page, 'Workload', 'nginx');
      await dialog.getByText('5 wanted').waitFor();
      await dialog.getByRole('textbox', { name: 'Replicas' }).fill('8');
      await dialog.getByRole('textbox', { name: 'Reason' }).fill('launch at noon');
    },
    shows: ['[role=dialog]'],
    margin: 28,
  },
];

async function closeDock(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Cluster', pressed: true }).click();
}

async function choose(page: Page, label: string, option: string): Promise<void> {
  const select = page.getByRole('dialog').getByRole('combobox', { name: label });
  await select.click();
  await select.pressSequentially(option);
  await page.getByRole('option', { name: option }).first().click();
}
