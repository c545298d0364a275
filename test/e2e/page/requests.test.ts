import { expect, it } from 'vitest';
import { descriptionOf, soon } from './hands.ts';
import { usePage } from './page-stage.ts';

const LONG = 60_000;
const stage = usePage();

it('leads from Home through a form and an approval by somebody else to the end', { timeout: LONG }, async () => {
  const [alice, bob] = await Promise.all([stage.open('alice'), stage.open('bob')]);
  const both = [alice, bob];
  const asked = 'Scale deployment nginx in default to 5 replicas';

  await alice.goTo('opsbot');
  await alice.press('Scale a workload', alice.main);
  await alice.choose('Namespace', 'default');
  await alice.choose('Workload', 'nginx');
  // The form changes with the choice; nobody types faster than that.
  await alice.dialog.getByText('3 wanted, 3 ready').waitFor();
  const replicas = alice.field('Replicas');
  expect(await replicas.inputValue()).toBe('3');
  await replicas.fill('-1');
  await alice.press('Scale', alice.dialog);
  await soon(() => replicas.getAttribute('aria-invalid')).toBe('true');
  expect(await descriptionOf(replicas)).toContain('Please enter a number that is at least 0.');

  await replicas.fill('5');
  await alice.press('Scale', alice.dialog);
  await alice.dialog.waitFor({ state: 'detached' });
  await bob.message(asked).getByText('Waiting for approval').waitFor();
  await bob.message(asked).getByText('Replicas: 3 → 5').waitFor();

  await alice.goTo('ops');
  await alice.press('Approve', alice.message(asked));
  const refusal = 'You asked for this yourself, so somebody else has to approve it.';
  await alice.message(refusal).getByText('Only visible to you').waitFor();
  expect(await bob.message(refusal).count()).toBe(0);
  expect(await alice.pods('nginx in default').count()).toBe(3);

  const follow = both.map((window) =>
    window
      .message(asked)
      .getByText(/Running[\s\S]*of 5 pods ready/)
      .waitFor(),
  );
  await bob.press('Approve', bob.message(asked));
  await Promise.all(follow);
  for (const window of both) {
    const done = window.message(asked).filter({ hasText: 'Done' });
    await done.getByText('5 of 5 pods ready').waitFor();
    await done.getByText('Approved by @bob').waitFor();
    await soon(() => window.pods('nginx in default').filter({ hasText: 'Running' }).count()).toBe(5);
    await done.getByRole('button', { name: 'Undo' }).waitFor();
    expect(await done.getByRole('button', { name: /Approve|Reject|Cancel/ }).count()).toBe(0);
  }

  await alice.openThread(alice.message(asked));
  await alice.reply('@bob approved. That is enough.').waitFor();
  await alice.reply('Done. 5 of 5 pods ready.').waitFor();

  await alice.goTo('opsbot');
  await alice.main.getByText(`Done: ${asked}`).first().waitFor();
});

it('lets a guest look on, and tells them alone why their click does not count', async () => {
  const [alice, greta] = await Promise.all([stage.open('alice'), stage.open('greta')]);
  await greta.page.getByText('You are Greta, guest').waitFor();
  await alice.says('@opsbot restart deployment coredns -n kube-system');
  await greta.openThread(greta.message('restart deployment coredns'));
  await greta.press('Approve', greta.reply('Waiting for approval'));
  const refusal = 'Guests cannot ask for changes or decide about them';
  await greta.reply(refusal).getByText('Only visible to you').waitFor();
  await alice.reply('Waiting for approval').waitFor();
  expect(await alice.page.getByText(refusal).count()).toBe(0);
});

it('asks once more before an approval that one may regret', async () => {
  const bob = await stage.open('bob');
  await stage.person('alice').mentions('ops', 'scale deployment web 0 -n staging');
  await bob.openThread(bob.message('scale deployment web 0'));
  const request = bob.reply('Scale deployment web in staging to 0 replicas');
  const question = bob.page.getByRole('alertdialog', { name: 'Approve this?' });

  await bob.press('Approve', request);
  await bob.press('Not yet', question);
  await question.waitFor({ state: 'detached' });
  await request.getByText('Waiting for approval').waitFor();

  await bob.press('Approve', request);
  await bob.press('Approve', question);
  await request.getByText('Done').waitFor();
  await soon(() => bob.pods('web in staging').count()).toBe(0);
  expect(await bob.workload('web in staging').count()).toBe(1);
});

it('counts a reaction as a vote', async () => {
  const bob = await stage.open('bob');
  await stage.person('alice').mentions('ops', 'scale deployment api 2 -n staging');
  await bob.openThread(bob.message('scale deployment api 2'));
  const request = bob.reply('Scale deployment api in staging to 2 replicas');
  await bob.react(request, 'React with :white_check_mark:');
  await request.getByRole('button', { name: 'You reacted with :white_check_mark:', pressed: true }).waitFor();
  await request.getByText('Done').waitFor();
  await request.getByText('Approved by @bob').waitFor();
});

it('counts a reply in the thread as a vote, with its reason', async () => {
  const [alice, bob] = await Promise.all([stage.open('alice'), stage.open('bob')]);
  await alice.says('@opsbot scale deployment api 9 -n prod');
  const request = alice.reply('Scale deployment api in prod to 9 replicas');
  await request.getByRole('button', { name: 'Approve' }).waitFor();
  await bob.openThread(bob.message('scale deployment api 9'));
  await bob.replies('reject because of the sale');
  await request.filter({ hasText: 'Rejected' }).getByText('of the sale').waitFor();
  expect(await request.getByRole('button', { name: /Approve|Reject|Cancel/ }).count()).toBe(0);
});

it('opens the form from the menu of shortcuts too', async () => {
  const carol = await stage.open('carol');
  await carol.press('Shortcuts', carol.main);
  await carol.page.getByRole('menuitem', { name: 'Restart a workload' }).click();
  await carol.choose('Namespace', 'prod');
  await carol.choose('Workload', 'db');
  await carol.press('Restart', carol.dialog);
  await carol.message('Restart statefulset db in prod').getByText('Waiting for approval').waitFor();
});
