import { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../support/slack/clock.ts';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import type { Person } from '../../support/slack/people/person.ts';
import { type RunningApp, startSocketApp } from './bolt-app.ts';
import { manifest } from './demo-app.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (text: string) => ({ text: plain(text), value: text.toLowerCase() });
const note = (text: string) => ({ type: 'section' as const, text: plain(text) });
const name = {
  type: 'input' as const,
  block_id: 'name',
  label: plain('Name'),
  element: { type: 'plain_text_input' as const, action_id: 'name', min_length: 2 },
};
const boxes = {
  type: 'input' as const,
  block_id: 'flags',
  optional: true,
  label: plain('Flags'),
  element: {
    type: 'checkboxes' as const,
    action_id: 'flags',
    options: [option('Fast'), option('Loud')],
    initial_options: [option('Fast')],
  },
};
const modal = (title: string, ...more: ReturnType<typeof note>[]) => ({
  type: 'modal' as const,
  callback_id: 'form',
  title: plain(title),
  submit: plain('Go'),
  blocks: [name, boxes, ...more],
});
const filter = {
  type: 'actions' as const,
  block_id: 'filter',
  elements: [
    {
      type: 'static_select' as const,
      action_id: 'namespace',
      placeholder: plain('Namespace'),
      options: [option('Default'), option('Prod')],
    },
    { type: 'overflow' as const, action_id: 'more', options: [option('Restart'), option('Logs')] },
  ],
};

type Values = Record<string, Record<string, { value?: string; selected_options?: { value: string }[] }>>;

let slack: LocalSlack;
let clock: ManualClock;
let running: RunningApp;
let alice: Person;
let chosen: string[];
let submitted: Values[];

beforeEach(async () => {
  clock = createManualClock();
  slack = await createLocalSlack({ clock, manifest });
  alice = slack.person('alice');
  chosen = [];
  submitted = [];
  running = await startSocketApp(slack, (app) => {
    app.shortcut('scale', async ({ ack, body, client }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view: modal('First') });
    });
    app.view('form', async ({ ack, view }) => {
      const values = view.state.values as Values;
      submitted.push(values);
      switch (values.name?.name?.value) {
        case 'update':
          return ack({ response_action: 'update', view: modal('Second', note('updated')) });
        case 'push':
          return ack({ response_action: 'push', view: modal('Third') });
        case 'clear':
          return ack({ response_action: 'clear' });
        case 'wrong':
          return ack({ response_action: 'errors', errors: { nowhere: 'lost' } });
        case 'never':
          return;
        default:
          return ack();
      }
    });
    app.event('app_home_opened', async ({ event, client }) => {
      await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [filter] } });
    });
    app.action(/namespace|more/, async ({ ack, action }) => {
      await ack();
      if ('selected_option' in action) chosen.push(action.selected_option?.value ?? '');
    });
  });
});
afterEach(async () => {
  await running.stop();
  await slack.close();
});

describe('modals', () => {
  beforeEach(async () => {
    await alice.runsShortcut('Scale a workload');
    await slack.waitFor(() => alice.modal());
  });
  const submitWith = async (text: string) => {
    await alice.fills('Name', text);
    return alice.submits();
  };

  test('update keeps what was entered, push lays another on top, clear closes all', async () => {
    expect(await submitWith('update')).toMatchObject({ shows: { title: 'Second' } });
    expect(await alice.submits()).toMatchObject({ shows: { title: 'Second' } });
    expect(await submitWith('push')).toMatchObject({ shows: { title: 'Third' } });
    expect(await submitWith('clear')).toMatchObject({ closed: true });
    expect(alice.modal()).toBeUndefined();
    expect(submitted.map((values) => values.name?.name?.value)).toEqual(['update', 'update', 'push', 'clear']);
  });

  test('the fields by their ids', async () => {
    await alice.at({ block: 'name', action: 'name' }).enter('x');
    await alice.at({ block: 'flags', action: 'flags' }).enter(['loud', 'fast']);
    expect(await alice.submits()).toMatchObject({ byBlock: { name: 'Please enter at least 2 characters.' } });
    await alice.at({ block: 'name', action: 'name' }).enter('done');
    expect(await alice.submits()).toMatchObject({ closed: true });
    expect(submitted[0]?.flags?.flags?.selected_options?.map(({ value }) => value)).toEqual(['loud', 'fast']);
  });

  test('closing one of two shows the other', async () => {
    await submitWith('push');
    expect(await submitWith('done')).toMatchObject({ closed: true });
    expect(alice.modal()?.title).toBe('First');
  });

  test.each(['push', 'update'])('what comes (%s) for a modal that was closed meanwhile is not shown', async (how) => {
    await alice.fills('Name', how);
    const submitting = alice.submits();
    await alice.closes();
    expect(await submitting).toMatchObject({ closed: true });
    expect(alice.modal()).toBeUndefined();
  });

  test('check boxes toggle from what was ticked at first', async () => {
    await alice.chooses('Flags', 'Loud');
    await alice.chooses('Flags', 'Fast');
    await submitWith('done');
    expect(submitted[0]?.flags?.flags?.selected_options?.map(({ value }) => value)).toEqual(['loud']);
  });

  test('what the client refuses is not sent', async () => {
    expect(await submitWith('x')).toMatchObject({ errors: { Name: 'Please enter at least 2 characters.' } });
    expect(submitted).toEqual([]);
  });

  test('an error for no input is a violation, and the modal stays', async () => {
    expect(await submitWith('wrong')).toMatchObject({ failed: 'invalid_response_action' });
    expect(slack.takeViolations()).toMatchObject([
      { kind: 'bad-ack', reasons: ['no input block "nowhere", or no text'] },
    ]);
    expect(alice.modal()?.title).toBe('First');
  });

  test('without an ack the person sees that it failed after three seconds', async () => {
    await alice.fills('Name', 'never');
    const submitting = alice.submits();
    await clock.advance(3000);
    expect(await submitting).toEqual({ failed: 'operation_timeout', ms: 3000 });
    expect(slack.takeViolations()).toMatchObject([{ kind: 'no-ack', name: 'view_submission' }]);
    expect(alice.modal()?.title).toBe('First');
  });

  test('labels that are not there are named', async () => {
    await expect(alice.fills('Replicas', '5')).rejects.toThrow(
      'no input labelled "Replicas"; there are: "Name", "Flags"',
    );
    await expect(alice.chooses('Flags', 'Quiet')).rejects.toThrow('"Flags" offers no "Quiet", but: "Fast", "Loud"');
    await expect(slack.person('bob').submits()).rejects.toThrow('bob has no modal open');
  });
});

describe('Home', () => {
  test('a select and an overflow menu tell the app at once', async () => {
    await alice.opensHome();
    await slack.waitFor(() => alice.home());
    await alice.chooses('Namespace', 'Prod', { on: 'home' });
    await alice.clicks('Logs', { on: 'home' });
    expect(chosen).toEqual(['prod', 'logs']);
    await expect(slack.person('bob').clicks('Logs', { on: 'home' })).rejects.toThrow('bob sees no home');
  });

  test('what was there a moment ago can still be clicked: a screen is never quite up to date', async () => {
    await alice.opensHome();
    await slack.waitFor(() => alice.home());
    const client = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    await client.views.publish({ user_id: alice.id, view: { type: 'home', blocks: [note('Something else now')] } });
    await alice.at({ block: 'filter', action: 'more' }, { on: 'home' }).press('logs');
    expect(chosen).toEqual(['logs']);
  });

  test('both by their ids', async () => {
    await alice.opensHome();
    await slack.waitFor(() => alice.home());
    const at = (action: string) => alice.at({ block: 'filter', action }, { on: 'home' });
    await at('namespace').enter('prod');
    await at('more').press('logs');
    expect(chosen).toEqual(['prod', 'logs']);
    await expect(at('namespace').enter('nowhere')).rejects.toThrow('not offered any more');
    expect(() => at('gone')).toThrow('not there any more');
  });
});

describe('messages', () => {
  test('edits and reactions of people reach the app as such', async () => {
    const said = await alice.says('ops', 'restart api.example.com');
    expect(said.text).toBe('restart <http://api.example.com|api.example.com>');
    expect(alice.sees('ops').at(-1)?.text).toBe('restart api.example.com');
    await alice.edits(said, 'restart web');
    await slack.person('bob').reacts('eyes', said);
    await slack.person('bob').unreacts('eyes', said);
    const envelopes = slack.journal.filter(({ kind }) => kind === 'envelope');
    const events = envelopes.map(({ args }) => (args as { event: { type: string; subtype?: string } }).event);
    expect(events.map(({ type, subtype }) => subtype ?? type)).toEqual([
      'message',
      'message_changed',
      'reaction_added',
      'reaction_removed',
    ]);
    await expect(slack.person('bob').edits(said, 'x')).rejects.toThrow('did not write');
  });

  test('only members see a private channel', async () => {
    await alice.says('secret', 'psst');
    expect(
      slack
        .person('bob')
        .sees('secret')
        .map(({ text }) => text),
    ).toEqual(['psst']);
    expect(() => slack.person('carol').sees('secret')).toThrow('not in secret');
  });

  test('waiting in vain says what was seen instead', async () => {
    await alice.says('ops', 'something else');
    await expect(alice.waitsFor('the answer', { timeoutMs: 20 })).rejects.toThrow(
      /alice to see "the answer".*something else/s,
    );
  });
});
