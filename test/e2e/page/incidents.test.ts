import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { soon } from './hands.ts';
import { usePage } from './page-stage.ts';

const LONG = 60_000;
/** An incident is over once it has been quiet for 8 s. */
const UNTIL_QUIET = { timeout: 30_000 };
const RED = 'rgb(224, 30, 90)';
const GREEN = 'rgb(46, 182, 125)';
const stage = usePage();

/** The bar beside a message; nobody but the eye is told of it, so it has no name. */
const bar = (message: Locator, colour: string) => message.locator(`[style*="${colour}"]`);

it('tells of a crash, and leads through it until it is green', { timeout: LONG }, async () => {
  const [alice, carol] = await Promise.all([stage.open('alice'), stage.open('carol')]);
  await carol.goTo('alerts');
  await carol.message('Deployment recommendations in prod').waitFor();
  const before = await alice.link('alerts').textContent();
  await alice.does('Crash its pods', 'checkout in prod');
  await alice.notice('Deployment checkout in prod now crashes again and again.').waitFor();
  await alice.workload('checkout in prod').getByText('crashing').waitFor();
  await soon(() => alice.pods('checkout in prod').filter({ hasText: 'CrashLoopBackOff' }).count()).toBe(2);

  const incident = carol.message('Deployment checkout in prod');
  await incident.getByText('🔴').waitFor();
  await incident.getByText('2 pods keep crashing').waitFor();
  await bar(incident, RED).waitFor();
  await soon(() => alice.link('alerts').textContent()).toMatch(/unread/);
  expect(await alice.link('alerts').textContent()).not.toBe(before);
  await carol.openThread(incident);
  await carol.reply('Last lines of').getByText('cannot reach the database').waitFor();
  await carol.press("I'm on it", incident);
  await incident.getByText('@carol is on it').waitFor();

  await carol.press('Logs', incident);
  expect(await carol.field('Pod').inputValue()).toMatch(/^checkout-/);
  await carol.press('Show logs', carol.dialog);
  await carol.dialog.waitFor({ state: 'detached' });
  await carol
    .reply(/\d+ lines of checkout-.* in prod/)
    .getByText('checkout starting')
    .waitFor();

  await carol.pick(incident, 'Restart this workload');
  await carol.dialog.getByRole('heading', { name: 'Restart a workload' }).waitFor();
  expect(await carol.field('Namespace').inputValue()).toBe('prod');
  expect(await carol.field('Workload').inputValue()).toContain('checkout');
  await carol.page.keyboard.press('Escape');
  await carol.dialog.waitFor({ state: 'detached' });

  await alice.does('Recover', 'checkout in prod');
  await soon(() => alice.pods('checkout in prod').filter({ hasText: 'Running' }).count()).toBe(2);
  await incident.getByText('🟢').waitFor(UNTIL_QUIET);
  await bar(incident, GREEN).waitFor();
  await carol.reply(/Over after/).waitFor();
  expect(await incident.getByRole('button', { name: /Restart|Scale|Logs|on it/ }).count()).toBe(0);
  expect(await incident.getByRole('combobox', { name: 'Silence' }).count()).toBe(0);
  expect(await carol.messages('Deployment checkout in prod').count()).toBe(1);
});

it('shows a broken image and a node that is away, and tells of both', { timeout: LONG }, async () => {
  const bob = await stage.open('bob');
  await bob.goTo('alerts');
  await bob.press('Take away node-2', bob.dock);
  await bob.row('node-2').getByText('NotReady (Unknown)').waitFor();
  await bob.message('Node node-2').getByText('🔴').waitFor();
  await bob.press('Bring back node-2', bob.dock);
  await bob
    .row('node-2')
    .getByText(/^Ready/)
    .waitFor();

  await bob.does('Break its image', 'api in prod');
  await bob.workload('api in prod').getByText('image broken').waitFor();
  await bob
    .pods('api in prod')
    .filter({ hasText: /ErrImagePull|ImagePullBackOff/ })
    .waitFor();
  await bob.message('Deployment api in prod: image cannot be pulled').getByText('api:2.14.1').first().waitFor();
  await bob.does('Recover', 'api in prod');
  await bob.workload('api in prod').getByText('image broken').waitFor({ state: 'detached' });

  await bob.message('Node node-2').getByText('🟢').waitFor(UNTIL_QUIET);
  await bob.message('Deployment api in prod').getByText('🟢').waitFor(UNTIL_QUIET);
});

it('kills a workload for want of memory once', async () => {
  const bob = await stage.open('bob');
  const pods = bob.pods('db in prod');
  await bob.does(/OOM/, 'db in prod');
  await bob.notice('StatefulSet db in prod is killed for want of memory.').waitFor();
  await soon(() => pods.filter({ hasText: /Running, 1 restart/ }).count()).toBe(3);
  await bob.goTo('alerts');
  await bob
    .message(/StatefulSet db in prod/)
    .getByText(/OOMKilled|out of memory/i)
    .first()
    .waitFor();
});
