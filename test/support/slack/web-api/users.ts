import { ApiError } from '../api-error.ts';
import { TEAM } from '../fixtures.ts';
import type { Json, User } from '../types.ts';
import { type Caller, flag, type Method, page, text } from './method.ts';

function userObject(user: User, caller: Caller): Json {
  const { email, real_name, is_stranger, app_id, bot_id, ...shown } = user;
  return {
    ...shown,
    real_name,
    tz: 'Europe/Berlin',
    tz_offset: 3600,
    is_app_user: false,
    is_stranger,
    profile: {
      real_name,
      display_name: user.name,
      ...(caller.scopes.has('users:read.email') && email ? { email } : {}),
      ...(bot_id ? { bot_id, api_app_id: app_id } : {}),
    },
  };
}

const info: Method = {
  scope: 'users:read',
  tier: 100,
  run({ world, caller, args }) {
    const user = world.state.users.get(text(args, 'user'));
    if (!user) throw new ApiError('user_not_found');
    return { user: userObject(user, caller) };
  },
};

const list: Method = {
  scope: 'users:read',
  tier: 20,
  run({ world, caller, args }) {
    const { items, next } = page([...world.state.users.values()], args, 1000, 1000);
    return { members: items.map((user) => userObject(user, caller)), response_metadata: { next_cursor: next } };
  },
};

const usergroups: Method = {
  scope: 'usergroups:read',
  tier: 20,
  run({ world, args }) {
    const groups = [...world.state.usergroups.values()].map(({ users, ...group }) => ({
      ...group,
      team_id: TEAM.id,
      is_usergroup: true,
      date_delete: 0,
      user_count: users.length,
      ...(flag(args, 'include_users') ? { users } : {}),
    }));
    return { usergroups: groups };
  },
};

const usergroupUsers: Method = {
  scope: 'usergroups:read',
  tier: 20,
  run({ world, args }) {
    const group = world.state.usergroups.get(text(args, 'usergroup'));
    if (!group) throw new ApiError('no_such_subteam');
    return { users: group.users };
  },
};

const botInfo: Method = {
  scope: 'users:read',
  tier: 50,
  run({ world, args }) {
    const bot = [...world.state.users.values()].find((user) => user.is_bot && user.bot_id === text(args, 'bot'));
    if (!bot) throw new ApiError('bot_not_found');
    return { bot: { id: bot.bot_id, deleted: false, name: bot.name, app_id: bot.app_id, user_id: bot.id } };
  },
};

const authTest: Method = {
  token: 'any',
  tier: 600,
  run({ caller }) {
    if (caller.token === 'app') return { app_name: caller.user.name, app_id: caller.user.app_id };
    const url = `https://${TEAM.domain}.slack.com/`;
    return {
      url,
      team: TEAM.name,
      team_id: TEAM.id,
      user: caller.user.name,
      user_id: caller.user.id,
      bot_id: caller.user.bot_id,
      is_enterprise_install: false,
    };
  },
};

export const userMethods: Record<string, Method> = {
  'auth.test': authTest,
  'users.info': info,
  'users.list': list,
  'usergroups.list': usergroups,
  'usergroups.users.list': usergroupUsers,
  'bots.info': botInfo,
};
