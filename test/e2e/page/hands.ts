import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

type Words = string | RegExp;

const MOST_TABS = 20;

/** Holds within the time that a busy machine may take. */
export const soon = <T>(look: () => T | Promise<T>) => expect.poll(look, { timeout: 10_000, interval: 20 });

/** What a screen reader says of an element beyond its name. */
export async function descriptionOf(element: Locator): Promise<string> {
  const ids = (await element.getAttribute('aria-describedby'))?.split(' ') ?? [];
  const parts = ids.map((id) => element.page().locator(`[id="${id}"]`).textContent());
  return (await Promise.all(parts)).join(' ');
}

/** What one sees in a window of the page and can do there, by roles, names and words. */
export function createHands(page: Page) {
  const main = page.getByRole('main');
  const thread = page.getByRole('complementary', { name: 'Thread' });
  const dock = page.getByRole('complementary', { name: 'Cluster and traffic' });
  const dialog = page.getByRole('dialog');
  const rows = (list: Locator) => list.getByRole('list', { name: /^Messages in/ }).locator('> li');
  const messages = (words: Words) => rows(main).filter({ hasText: words });
  const field = (label: string) =>
    dialog.getByLabel(label).and(dialog.getByRole('combobox').or(dialog.getByRole('textbox')));
  const write = async (box: Locator, text: string) => {
    await box.fill(text);
    await box.press('Enter');
  };
  /** In the sidebar; what is unread there follows the name. */
  const linkTo = (name: string) =>
    page.getByRole('navigation', { name: 'Channels' }).getByRole('link', { name: new RegExp(`^${name}( \\(|$)`) });
  const workload = (name: string) =>
    dock.getByRole('listitem').filter({ has: page.getByRole('button', { name: `Trouble for ${name}`, exact: true }) });

  return {
    page,
    main,
    thread,
    dock,
    /** The modal that is open. */
    dialog,
    /** Goes on from where the focus is until it is there; fails where it does not get there soon. */
    async tabsTo(element: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
      for (let pressed = 0; pressed < MOST_TABS; pressed += 1) {
        await page.keyboard.press(key);
        if ((await element.and(page.locator(':focus')).count()) > 0) return;
      }
      throw new Error(`${MOST_TABS} times ${key} did not lead to ${element}`);
    },
    /** What has the focus, by its role and name. */
    focused: async () => (await page.locator(':focus').ariaSnapshot()).replace(/^- '?/, ''),

    messages,
    /** The last message in the channel that says it. */
    message: (words: Words) => messages(words).last(),
    /** The last message in the thread that says it, its root included. */
    reply: (words: Words) => rows(thread).filter({ hasText: words }).last(),
    /** What the page itself says at its foot. */
    notice: (words: Words) => page.getByRole('status').getByText(words),
    link: linkTo,
    goTo: (name: string) => linkTo(name).click(),
    says: (text: string) => write(main.getByRole('textbox', { name: /^Message / }), text),
    replies: (text: string) => write(thread.getByRole('textbox', { name: 'Reply…' }), text),
    /** Opens the thread below a message. */
    openThread: (message: Locator) => message.getByRole('button', { name: /repl(y|ies)/ }).click(),
    press: (name: Words, within: Locator | Page = page) => within.getByRole('button', { name, exact: true }).click(),

    /** In the modal: types into a select and takes what is offered first, all by keyboard. */
    async choose(label: string, typed: string): Promise<void> {
      await field(label).focus();
      await page.keyboard.type(typed);
      await page.getByRole('option', { name: typed }).first().waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('listbox').waitFor({ state: 'detached' });
      await soon(() => field(label).inputValue()).toContain(typed);
    },
    /** In the modal. */
    field,

    /** A button of the toolbar that is there while one points at a message. */
    async react(message: Locator, name: string): Promise<void> {
      await message.hover();
      await message.getByRole('toolbar', { name: 'Message actions' }).getByRole('button', { name }).click();
    },
    /** An entry of a message's menu, ⋯. */
    async pick(message: Locator, entry: Words): Promise<void> {
      await message.hover();
      await message.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: entry }).click();
    },

    /** On the panel, as `checkout in prod`. */
    workload,
    /** The squares of its pods. */
    pods: (name: string) => workload(name).getByRole('list').getByRole('listitem'),
    /** On the panel: the line that begins with that name. */
    row: (name: string) => dock.getByRole('listitem').filter({ hasText: new RegExp(`^${name}`) }),
    /** Does something to a workload by its menu on the panel. */
    async does(entry: Words, name: string): Promise<void> {
      await workload(name).getByRole('button').click();
      await page.getByRole('menuitem', { name: entry }).click();
    },
  };
}

export type Hands = ReturnType<typeof createHands>;
