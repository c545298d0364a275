import type { AnyMiddlewareArgs, Middleware } from '@slack/bolt';
import type { Requests } from '../requests/requests.ts';
import type { FrontDesk } from './front-desk.ts';
import { NotHereError } from './not-here.ts';
import { isDirect, placeOf } from './place.ts';

type Allowed = FrontDesk['allowed'];

export function isAllowed(allowed: Allowed, channel: string): boolean {
  return allowed === undefined || isDirect(channel) || allowed.has(channel);
}

/** NotHereError where the configuration keeps opsbot out of a channel. Only members learn where it is. */
export async function requireAllowed(
  { allowed, people }: Pick<FrontDesk, 'allowed' | 'people'>,
  { channel, user }: { channel: string; user: string },
): Promise<void> {
  if (isAllowed(allowed, channel)) return;
  throw new NotHereError((await people.standing(user)) === 'member' ? [...(allowed ?? [])] : []);
}

/**
 * Lets through what comes out of channels that opsbot is set up for. Not events: most of them are talk that is none of its
 * business, so their listeners ask by themselves, once they know that one concerns opsbot.
 */
export function onlyWhereAllowed(front: FrontDesk): Middleware<AnyMiddlewareArgs> {
  return async ({ body, next }) => {
    const place = 'event' in body ? undefined : placeOf(body);
    if (place?.channel !== undefined) await requireAllowed(front, { ...place, channel: place.channel });
    await next();
  };
}

/** Whichever way somebody asks: a request is posted in no other channel. */
export function askedWhereAllowed(requests: Requests, allowed: Allowed): Requests {
  const check = (channel: string) => {
    if (!isAllowed(allowed, channel)) throw new NotHereError([...(allowed ?? [])]);
  };
  return {
    ...requests,
    async ask(ask) {
      check(ask.origin.channel);
      return requests.ask(ask);
    },
    async undo(ask) {
      check(ask.origin.channel);
      return requests.undo(ask);
    },
  };
}
