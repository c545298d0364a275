import { expect, it } from 'vitest';
import { soon } from './hands.ts';
import { usePage } from './page-stage.ts';

const stage = usePage();
const LONG = 60_000;

it('lists what goes over the wire, and opens it', async () => {
  const alice = await stage.open('alice');
  await alice.press('Traffic', alice.page.getByRole('banner'));
  await alice.says('@opsbot pods default');
  await alice.reply('nginx-').waitFor();
  const { dock } = alice;
  const envelope = dock.getByRole('button', { name: /^To opsbot: app_mention/ }).last();
  await envelope.getByText(/acked in \d+ ms/).waitFor();
  const call = dock.getByRole('button', { name: /^To Slack: chat\.postMessage/ }).last();
  await call.getByText(/^[\d,]+ ms$/).waitFor();

  await call.click();
  const detail = dock.getByRole('region', { name: 'chat.postMessage' });
  await detail.getByRole('heading', { name: 'opsbot sent' }).waitFor();
  await detail.getByText('thread_ts').first().waitFor();
  await detail.getByRole('heading', { name: 'Slack answered' }).waitFor();
  await alice.page.keyboard.press('Escape');
  await detail.waitFor({ state: 'detached' });
  await soon(() => alice.focused()).toMatch(/^button.*chat\.postMessage/);
  expect(await alice.thread.isVisible()).toBe(true);
});

it('shows an error of Slack as one, and finds it again', async () => {
  const alice = await stage.open('alice');
  await alice.press('Traffic', alice.page.getByRole('banner'));
  stage.slack.fault({ kind: 'error', error: 'internal_error', method: 'chat.postMessage' });
  await alice.says('@opsbot pods default');
  const failed = alice.dock.getByRole('button', { name: /To Slack: chat\.postMessage.*internal_error/ });
  await failed.getByText('error: internal_error').waitFor();
  await alice.reply('nginx-').waitFor();
  await alice.press('Errors only', alice.dock);
  await soon(() => alice.dock.getByRole('list').getByRole('button').count()).toBe(1);
  await alice.dock.getByRole('searchbox', { name: 'Filter traffic' }).fill('views.open');
  await alice.dock.getByText('Nothing matches the filter.').waitFor();
});

it('ends what was under way when the worker was killed', { timeout: LONG }, async () => {
  const [alice, bob] = await Promise.all([stage.open('alice'), stage.open('bob')]);
  await alice.says('@opsbot scale deployment nginx 6');
  const request = alice.reply('Scale deployment nginx in default to 6 replicas');
  await bob.openThread(bob.message('scale deployment nginx 6'));
  await bob.press('Approve', bob.reply('Waiting for approval'));
  await request.getByText('Running').waitFor();
  await alice.press('Kill the worker', alice.dock);
  await alice.row('Worker').getByText('is gone, starts again in a moment').waitFor();
  await alice.row('Worker').getByText('runs, started again 1 time').waitFor();
  await request.getByText('Done').waitFor({ timeout: 30_000 });
  await request.getByText('6 of 6 pods ready').waitFor();
});

it('says that it is cut off, keeps what is typed, and connects again', async () => {
  const alice = await stage.open('alice');
  const serveAgain = await stage.stopPage();
  await alice.main.getByRole('alert').getByText('The sandbox cannot be reached.').waitFor();
  await alice.says('is anybody there?');
  await alice.notice('The sandbox cannot be reached. Is it still running?').waitFor();
  expect(await alice.main.getByRole('textbox', { name: 'Message #ops' }).inputValue()).toBe('is anybody there?');

  await serveAgain();
  await alice.main.getByRole('alert').waitFor({ state: 'detached' });
  await alice.main.getByRole('textbox', { name: 'Message #ops' }).press('Enter');
  await alice.message('is anybody there?').waitFor();
  for (const problem of alice.takeProblems()) expect(problem).toMatch(/\/(events\?as=alice|gesture): net::ERR_/);
});

it('stops the API server, counts down, and answers in words meanwhile', { timeout: LONG }, async () => {
  const alice = await stage.open('alice');
  await alice.press('Stop for 30 s the API server', alice.dock);
  const left = alice.row('API server').getByText(/is stopped, answers again in \d+ s/);
  await left.waitFor();
  const before = await left.textContent();
  await soon(() => left.textContent()).not.toBe(before);
  await alice.says('@opsbot pods default');
  await alice.reply('The cluster does not answer').getByText('Failed').waitFor();
  await alice.goTo('opsbot');
  await alice.main.getByRole('heading', { name: 'Cluster sandbox' }).waitFor();
});
