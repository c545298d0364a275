import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from '@slack/bolt';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import manifest from '../manifest.json' with { type: 'json' };
import { actions } from '../src/actions/index.ts';
import type { FrontDesk } from '../src/slack/front-desk.ts';
import { register } from '../src/slack/register.ts';
import { messageShortcutId, shortcutId } from '../views/ids.ts';

const SCHEMAS = join(import.meta.dirname, 'support/slack-manifest');
const { features, oauth_config: oauth, settings } = manifest;

test.each(['v1', 'v2'])('passes Slack’s own schema %s', (version) => {
  const schema = JSON.parse(readFileSync(join(SCHEMAS, `manifest.schema.${version}.json`), 'utf8'));
  const validate = new Ajv({ strict: false, allErrors: true, formats: { uri: true } }).compile(schema);
  validate(manifest);
  expect(validate.errors ?? []).toEqual([]);
  // The schema does look: something that Slack would refuse is refused.
  expect(validate({ ...manifest, display_information: { name: 'x'.repeat(36) } })).toBe(false);
  expect(validate({ ...manifest, features: { ...features, shortcut: [] } })).toBe(false);
});

test('keeps Slack’s limits', () => {
  const { name, description, long_description: long } = manifest.display_information;
  expect(name.length).toBeLessThanOrEqual(35);
  expect(description.length).toBeLessThanOrEqual(140);
  expect(long.length).toBeGreaterThanOrEqual(175);
  expect(long.length).toBeLessThanOrEqual(4000);
  expect(features.shortcuts.length).toBeLessThanOrEqual(10);
  for (const shortcut of features.shortcuts) {
    expect(shortcut.name.length, shortcut.name).toBeLessThanOrEqual(24);
    expect(shortcut.description.length, shortcut.name).toBeLessThanOrEqual(150);
  }
  for (const { command } of features.slash_commands) expect(command.length).toBeLessThanOrEqual(32);
});

test('people find the shortcuts by different names', () => {
  const names = features.shortcuts.map((shortcut) => shortcut.name);
  expect(new Set(names).size).toBe(names.length);
});

test('people can open Home and write to opsbot', () => {
  expect(features.app_home).toEqual({
    home_tab_enabled: true,
    messages_tab_enabled: true,
    messages_tab_read_only_enabled: false,
  });
  expect(settings.interactivity.is_enabled).toBe(true);
  expect(settings.socket_mode_enabled).toBe(true);
});

describe('what the code registers', () => {
  const events = new Set<string>();
  const commands = new Set<string>();
  const shortcuts: { type: string; callback_id: RegExp }[] = [];
  const ignore = () => {};
  // Takes down what is registered; nothing is called.
  const app = {
    use: ignore,
    action: ignore,
    options: ignore,
    view: ignore,
    event: (name: string) => events.add(name),
    command: (name: string) => commands.add(name),
    shortcut: (constraint: { type: string; callback_id: RegExp }) => shortcuts.push(constraint),
  };
  register(app as unknown as App, {} as FrontDesk);

  test('is the events that Slack is asked to send', () => {
    const kinds = new Set(settings.event_subscriptions.bot_events.map((event) => event.split('.')[0]));
    expect([...kinds].sort()).toEqual([...events].sort());
  });

  test('is the slash command', () => {
    expect(features.slash_commands.map(({ command }) => command)).toEqual([...commands]);
  });

  test('is the shortcuts, one global and one on messages for each action that has them', () => {
    const wanted = actions.filter((action) => action.shortcut);
    const idsOf = (type: string) => features.shortcuts.filter((one) => one.type === type).map((one) => one.callback_id);
    expect(idsOf('global')).toEqual(wanted.map(({ name }) => shortcutId(name)));
    expect(idsOf('message')).toEqual(wanted.map(({ name }) => messageShortcutId(name)));
    expect(features.shortcuts.slice(0, wanted.length).map(({ name }) => name)).toEqual(
      wanted.map(({ title }) => title),
    );
    for (const { type, callback_id } of features.shortcuts) {
      const boltType = type === 'global' ? 'shortcut' : 'message_action';
      const heard = shortcuts.filter((one) => one.type === boltType && one.callback_id.test(callback_id));
      expect(heard, callback_id).toHaveLength(1);
    }
  });
});

describe('the scopes', () => {
  /** What each event and each Web API method that opsbot uses asks for, by Slack's reference. */
  const NEEDED: Record<string, readonly string[]> = {
    commands: features.slash_commands.map(({ command }) => command),
    'chat:write': ['chat.postMessage', 'chat.postEphemeral', 'chat.update', 'chat.delete'],
    'app_mentions:read': ['app_mention'],
    'channels:history': ['message.channels', 'conversations.history', 'conversations.replies'],
    'groups:history': ['message.groups', 'conversations.history', 'conversations.replies'],
    'im:history': ['message.im', 'conversations.history', 'conversations.replies'],
    'im:write': ['conversations.open'],
    'reactions:read': ['reaction_added', 'reaction_removed'],
    'files:write': ['files.getUploadURLExternal', 'files.completeUploadExternal'],
    'users:read': ['users.info'],
    'usergroups:read': ['usergroups.list', 'usergroups.users.list'],
    'channels:read': ['conversations.info', 'conversations.members'],
    'groups:read': ['conversations.info', 'conversations.members'],
  };
  const optional = ['chat:write.public', 'users:read.email'];

  test('are those that something needs, and the optional two', () => {
    expect(oauth.scopes.bot_optional).toEqual(optional);
    // Slack wants an optional scope in both lists.
    expect(oauth.scopes.bot).toEqual([...Object.keys(NEEDED), ...optional]);
  });

  test('cover every event', () => {
    const covered = Object.values(NEEDED).flat();
    // Opening Home asks for no scope.
    const events = settings.event_subscriptions.bot_events.filter((event) => event !== 'app_home_opened');
    expect(events.filter((event) => !covered.includes(event))).toEqual([]);
  });
});
