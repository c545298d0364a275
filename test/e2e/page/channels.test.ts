import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { soon } from './hands.ts';
import { usePage } from './page-stage.ts';

const stage = usePage();

it('answers a slash command for the one who typed it, who puts the answer away', async () => {
  const [alice, bob] = await Promise.all([stage.open('alice'), stage.open('bob')]);
  await alice.says('/opsbot pending');
  const answer = alice.message('Nothing is waiting');
  await answer.getByText('Only visible to you').waitFor();
  expect(await bob.messages('Nothing is waiting').count()).toBe(0);
  await alice.press('Dismiss', answer);
  await answer.waitFor({ state: 'detached' });
});

it('refuses a slash command in a thread, and one that does not exist', async () => {
  const alice = await stage.open('alice');
  await alice.says('@opsbot pods default');
  await alice.reply('nginx-').waitFor();
  await alice.replies('/opsbot pending');
  await alice.notice('/opsbot is not supported in threads. Sorry!').waitFor();
  await alice.says('/opbot pending');
  await alice.notice(/\/opbot is not a valid command/).waitFor();
});

it('completes what is typed, and says what a mistyped command should have been', async () => {
  const alice = await stage.open('alice');
  const box = alice.main.getByRole('textbox', { name: 'Message #ops' });
  await box.pressSequentially('@op');
  await alice.page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option', { name: 'opsbot' }).waitFor();
  await box.press('Enter');
  await box.pressSequentially('sclae deployment nginx 4');
  await box.press('Enter');
  await alice.reply(/Did you mean.*scale deployment nginx 4/).waitFor();
});

it('shows a long answer as a file that expands, with all of it behind a link', { timeout: 30_000 }, async () => {
  const alice = await stage.open('alice');
  const { ts } = await stage.person('alice').mentions('ops', 'scale deployment nginx 200');
  await stage
    .person('bob')
    .waitsFor(({ thread, buttons }) => thread === ts && buttons.includes('Approve'), { in: 'ops' });
  await stage.person('bob').says('ops', 'approve', { thread: { channel: stage.slack.channel('ops').id, ts } });
  await alice.workload('nginx in default').getByText('200 of 200 pods ready').waitFor();

  await alice.says('@opsbot pods default');
  const preview = alice.thread.getByRole('region', { name: /^Preview of / });
  await preview.waitFor();
  const before = await heightOf(preview);
  const file = alice.reply('Open raw');
  await file.getByText(/^20\d lines, /).waitFor();
  await alice.press(/^Expand/, file);
  await file.getByRole('button', { name: /^Collapse/, expanded: true }).waitFor();
  expect(await heightOf(preview)).toBeGreaterThan(2 * before);

  const [raw] = await Promise.all([
    alice.page.context().waitForEvent('page'),
    file.getByRole('link', { name: 'Open raw' }).click(),
  ]);
  expect((await raw.locator('body').textContent())?.match(/^nginx-/gm)).toHaveLength(200);
});

it('lets people edit and delete what they have said', async () => {
  const [alice, bob] = await Promise.all([stage.open('alice'), stage.open('bob')]);
  await alice.says('launch at noon');
  await alice.pick(alice.message('launch at noon'), 'Edit message');
  const box = alice.main.getByRole('textbox', { name: 'Edit message' });
  await box.fill('launch at one');
  await box.press('Enter');
  await bob.message('launch at one').getByText('(edited)').waitFor();

  await alice.pick(alice.message('launch at one'), 'Delete message');
  const question = alice.page.getByRole('alertdialog', { name: 'Delete message' });
  await question.getByText('launch at one').waitFor();
  await alice.press('Delete', question);
  await bob.message('launch at one').waitFor({ state: 'detached' });
  await alice.message('launch at one').waitFor({ state: 'detached' });
});

it('marks what is new for those who were elsewhere', async () => {
  const [alice, bob] = await Promise.all([stage.open('alice'), stage.open('bob')]);
  await bob.goTo('alerts');
  await alice.says('who has the pager?');
  await soon(() => bob.link('ops').textContent()).toContain('1 unread');
  await bob.goTo('ops');
  await bob.main.getByRole('listitem').filter({ hasText: /New$/ }).waitFor();
  await soon(() => bob.link('ops').textContent()).not.toContain('unread');
});

const heightOf = async (element: Locator) => (await element.boundingBox())?.height ?? 0;
