import type { Channel, ChannelKind, User, Usergroup } from './types.ts';

/** The workspace that every local Slack begins with; tests add to it with `addUser` and `addChannel`. */

export const TEAM = { id: 'T0LOCAL', domain: 'local', name: 'Local' };
export const OTHER_TEAM = 'T0STRANGE';
export const APP = { id: 'A0OPSBOT', botUser: 'UOPSBOT', botId: 'BOPSBOT', name: 'opsbot' };
export const OTHER_APP = { id: 'A0ALERTS', botUser: 'UALERTS', botId: 'BALERTS', name: 'alertbot' };

export function makeUser(id: string, name: string, traits: Partial<User> = {}): User {
  return {
    id,
    name,
    real_name: name.charAt(0).toUpperCase() + name.slice(1),
    team_id: TEAM.id,
    is_bot: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_stranger: false,
    deleted: false,
    email: `${name}@example.com`,
    ...traits,
  };
}

export function fixtureUsers(): User[] {
  return [
    makeUser('UALICE', 'alice'),
    makeUser('UBOB', 'bob'),
    makeUser('UCAROL', 'carol'),
    makeUser('UDAVE', 'dave'),
    makeUser('UGUEST', 'greta', { is_restricted: true }),
    makeUser('UULTRA', 'ulrich', { is_restricted: true, is_ultra_restricted: true }),
    makeUser('USTRANGE', 'stella', { team_id: OTHER_TEAM, is_stranger: true }),
    makeUser('UGONE', 'gustav', { deleted: true }),
    makeUser(APP.botUser, APP.name, { is_bot: true, app_id: APP.id, bot_id: APP.botId, email: undefined }),
    makeUser(OTHER_APP.botUser, OTHER_APP.name, {
      is_bot: true,
      app_id: OTHER_APP.id,
      bot_id: OTHER_APP.botId,
      email: undefined,
    }),
  ];
}

export function makeChannel(id: string, name: string, members: string[], traits: Partial<Channel> = {}): Channel {
  const kind: ChannelKind = id.startsWith('G') ? 'group' : id.startsWith('D') ? 'im' : 'channel';
  return {
    id,
    name,
    kind,
    is_archived: false,
    is_ext_shared: false,
    members: new Set(members),
    messages: new Map(),
    ...traits,
  };
}

const PEOPLE = ['UALICE', 'UBOB', 'UCAROL', 'UGUEST', 'UULTRA'];

export function fixtureChannels(): Channel[] {
  return [
    makeChannel('COPS', 'ops', [...PEOPLE, APP.botUser, OTHER_APP.botUser]),
    makeChannel('CALERTS', 'alerts', [...PEOPLE, APP.botUser, OTHER_APP.botUser]),
    makeChannel('CNOBOT', 'random', PEOPLE),
    makeChannel('COLD', 'old', [...PEOPLE, APP.botUser], { is_archived: true }),
    makeChannel('CSHARED', 'shared', [...PEOPLE, 'USTRANGE', APP.botUser], { is_ext_shared: true }),
    makeChannel('GSECRET', 'secret', ['UALICE', 'UBOB', APP.botUser]),
    makeChannel('GNOBOT', 'closed', ['UALICE']),
  ];
}

export function fixtureUsergroups(): Usergroup[] {
  return [{ id: 'SSRE', handle: 'sre', name: 'SRE', users: ['UBOB', 'UCAROL'] }];
}

/** What the design asks for at installation; a manifest overrides it. */
export const DEFAULT_SCOPES = [
  'commands',
  'chat:write',
  'app_mentions:read',
  'channels:history',
  'groups:history',
  'im:history',
  'im:write',
  'reactions:read',
  'files:write',
  'users:read',
  'usergroups:read',
  'channels:read',
  'groups:read',
];

export const DEFAULT_EVENTS = [
  'app_home_opened',
  'app_mention',
  'message.channels',
  'message.groups',
  'message.im',
  'reaction_added',
  'reaction_removed',
];
