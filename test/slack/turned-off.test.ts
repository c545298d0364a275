import { expect, it } from 'vitest';
import { actions } from '../../src/actions/index.ts';
import { parseCommand } from '../../src/slack/command.ts';
import { kitOfFile } from './slack-kit.ts';

const kit = await kitOfFile({ channels: { requests: 'COPS' }, actions: ['restart', 'pods'] });

const OFF = 'is turned off here.';

it('an action that is off is offered nowhere', async () => {
  await kit.opensHome(kit.alice);
  const buttons = kit.alice.home()?.buttons ?? [];
  expect(buttons).toEqual(expect.arrayContaining(['Restart a workload', 'Restart']));
  for (const label of ['Scale a workload', 'Scale', 'Read pod logs', 'Show logs']) expect(buttons).not.toContain(label);
  const said = await kit.alice.mentions('ops', 'help');
  const help = await kit.alice.waitsFor((m) => m.thread === said.ts && m.by === 'UOPSBOT');
  expect(help.text).toContain('restart deployment api');
  expect(help.text).toContain('help restart');
  expect(help.text).not.toMatch(/scale|logs/);
});

it('whoever asks for it all the same is told why nothing happens: by command, shortcut and message shortcut', async () => {
  const said = await kit.alice.mentions('ops', 'scale deployment nginx 5');
  const answer = await kit.alice.waitsFor((m) => m.thread === said.ts && m.by === 'UOPSBOT');
  expect(answer.text).toContain(`scale ${OFF}`);

  await kit.alice.runsShortcut('Scale a workload');
  await kit.alice.waitsFor((m) => m.text.includes(`scale ${OFF}`) && m.text.includes('actions:'));
  await kit.alice.runsMessageShortcut('Read pod logs …', said);
  await kit.alice.waitsFor((m) => m.text.includes(`logs ${OFF}`));
  expect(kit.alice.modal()).toBeUndefined();
  expect(await kit.store.recentIds(10)).toEqual([]);
});

it('other words for it are understood as well', () => {
  const parse = (text: string) =>
    parseCommand(text, { actions: actions.filter(({ name }) => name === 'scale'), off: ['logs', 'restart', 'pods'] });
  expect(parse('tail api')).toMatchObject({ kind: 'wrong', message: `logs ${OFF}` });
  expect(parse('kubectl rollout restart deployment api')).toMatchObject({ kind: 'wrong', message: `restart ${OFF}` });
  expect(parse('scale api 3')).toMatchObject({ kind: 'action' });
});
