import { expect, it } from 'vitest';
import { accessibilityProblems } from '../../support/browser/accessibility-problems.ts';
import { soon } from './hands.ts';
import { usePage } from './page-stage.ts';

const LONG = 60_000;
const stage = usePage();

it('leads to a message and its buttons with the keyboard alone, and back', async () => {
  const bob = await stage.open('bob');
  const { keyboard } = bob.page;
  await stage.person('alice').mentions('ops', 'scale deployment nginx 4');
  const asked = bob.message('scale deployment nginx 4');
  await asked.getByRole('button', { name: /^1 reply/ }).waitFor();
  const box = bob.main.getByRole('textbox', { name: 'Message #ops' });

  await box.focus();
  await bob.tabsTo(asked, 'Shift+Tab');
  await bob.tabsTo(asked.getByRole('button', { name: /^1 reply/ }));
  await keyboard.press('Enter');
  const request = bob.reply('Scale deployment nginx in default to 4 replicas');
  await request.waitFor();
  await soon(() => bob.focused()).toContain('textbox "Reply…"');
  await bob.tabsTo(request.getByRole('button', { name: 'Reject' }), 'Shift+Tab');
  await bob.tabsTo(request.getByRole('button', { name: 'Approve' }), 'Shift+Tab');
  await keyboard.press('Enter');
  await request.getByText('Done').waitFor();

  await keyboard.press('Escape');
  await bob.thread.waitFor({ state: 'detached' });
  await soon(() => bob.focused()).toMatch(/^button "\d+ repl/);
});

it('keeps the focus in the modal, and gives it back where it came from', async () => {
  const alice = await stage.open('alice');
  const { keyboard } = alice.page;
  await alice.goTo('opsbot');
  const opener = alice.main.getByRole('button', { name: 'Scale a workload' });
  await opener.focus();
  await keyboard.press('Enter');
  await alice.dialog.waitFor();
  await soon(() => alice.focused()).toContain('combobox "Namespace');

  const reached = new Set<string>();
  for (let pressed = 0; pressed < 12; pressed += 1) {
    await keyboard.press('Tab');
    await soon(() => alice.dialog.locator(':focus').count()).toBe(1);
    reached.add(await alice.focused());
  }
  expect(reached.size).toBeGreaterThan(5);
  expect(reached.size).toBeLessThan(12);

  await keyboard.press('Escape');
  await alice.dialog.waitFor({ state: 'detached' });
  await soon(() => alice.focused()).toContain('button "Scale a workload"');
});

it('moves through menus and tabs with arrow keys', async () => {
  const alice = await stage.open('alice');
  const { keyboard } = alice.page;
  const opener = alice.workload('nginx in default').getByRole('button');
  await opener.focus();
  await keyboard.press('Enter');
  await soon(() => alice.focused()).toContain('menuitem "Crash its pods');
  await keyboard.press('ArrowDown');
  await soon(() => alice.focused()).toContain('menuitem "Kill for want of memory');
  await keyboard.press('Escape');
  await soon(() => alice.focused()).toContain('button "Trouble for nginx in default"');

  await alice.dock.getByRole('tab', { name: 'Cluster' }).focus();
  await keyboard.press('ArrowRight');
  await keyboard.press('Enter');
  await alice.dock.getByRole('tab', { name: 'Traffic', selected: true }).waitFor();
  await alice.dock.getByRole('searchbox', { name: 'Filter traffic' }).waitFor();
});

it.each(['light', 'dark'] as const)(
  'has nothing in %s colours that axe knows to keep people out',
  { timeout: LONG },
  async (colours) => {
    const alice = await stage.open('alice', { colorScheme: colours });
    const { page, dock, main } = alice;
    const fine = async (where: string) => expect(await accessibilityProblems(page), where).toEqual([]);

    await alice.says(`@opsbot scale deployment nginx ${colours === 'light' ? 7 : 8}`);
    const request = alice.reply('Waiting for approval');
    await request.waitFor();
    await fine('a channel, a thread and the cluster');
    await request.hover();
    await alice.press('More actions', request);
    await page.getByRole('menuitem').first().waitFor();
    await fine('the menu of a message');
    await page.keyboard.press('Escape');

    await alice.press('Traffic', page.getByRole('banner'));
    const call = dock.getByRole('button', { name: /chat\.postMessage/ }).last();
    await call.waitFor();
    await fine('the traffic');
    await call.click();
    await dock.getByRole('heading', { name: 'Slack answered' }).waitFor();
    await fine('an entry of the traffic');

    await alice.goTo('alerts');
    await alice.message('Deployment recommendations').waitFor();
    await fine('an incident');
    await alice.goTo('opsbot');
    await main.getByRole('button', { name: 'Scale a workload' }).waitFor();
    await fine('Home');

    await alice.press('Scale a workload', main);
    await alice.field('Replicas').fill('-1');
    await alice.press('Scale', alice.dialog);
    await soon(() => alice.field('Replicas').getAttribute('aria-invalid')).toBe('true');
    await fine('a modal that says what is wrong');
    await alice.field('Namespace').click();
    await page.getByRole('option').first().waitFor();
    await fine('a list to choose from');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await alice.dialog.waitFor({ state: 'detached' });
  },
);
