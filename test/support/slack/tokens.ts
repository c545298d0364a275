import { ApiError } from './api-error.ts';
import { APP, OTHER_APP } from './fixtures.ts';
import type { Caller } from './web-api/method.ts';
import type { World } from './world.ts';

export interface TokenNames {
  bot: string;
  app: string;
  /** Bot token of another app in the same workspace, one that posts alerts. */
  otherBot: string;
}

export interface Tokens {
  revoke(token: string): void;
  /** Throws not_authed, invalid_auth or token_revoked. */
  callerOf(token: string | undefined): Caller;
}

const EVERYTHING = [
  'chat:write',
  'chat:write.public',
  'channels:read',
  'channels:history',
  'users:read',
  'reactions:write',
  'files:write',
];

export function createTokens(names: TokenNames, world: World): Tokens {
  const revoked = new Set<string>();
  const user = (id: string) => {
    const found = world.state.users.get(id);
    if (!found) throw new ApiError('account_inactive');
    return found;
  };
  return {
    revoke: (token) => void revoked.add(token),
    callerOf(token) {
      if (!token) throw new ApiError('not_authed');
      if (revoked.has(token)) throw new ApiError('token_revoked');
      if (token === names.bot) return { token: 'bot', user: user(APP.botUser), scopes: world.scopes };
      if (token === names.app) return { token: 'app', user: user(APP.botUser), scopes: new Set(['connections:write']) };
      if (token === names.otherBot) return { token: 'bot', user: user(OTHER_APP.botUser), scopes: new Set(EVERYTHING) };
      throw new ApiError('invalid_auth');
    },
  };
}
