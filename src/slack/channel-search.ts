import type { AllMiddlewareArgs, SlackOptionsMiddlewareArgs } from '@slack/bolt';
import { type Choice, MAX_OPTIONS, options } from '../../views/options.ts';
import { requireMember } from '../requests/eligibility.ts';
import { bestMatches } from './best-matches.ts';
import type { FrontDesk } from './front-desk.ts';
import { remember } from './remember.ts';
import { callSlack, slackCode } from './slack-errors.ts';

type Search = SlackOptionsMiddlewareArgs<'block_suggestion'> & AllMiddlewareArgs;

interface Named {
  id: string;
  name: string;
  isPrivate: boolean;
}

/** How long a channel's name is remembered, in ms. */
const NAME_TTL_MS = 60_000;

/** What a modal offers for the request's channel: those of the configured ones that opsbot is in, and the person may know of. */
export function searchChannels(front: FrontDesk) {
  const nameOf = remember((id) => usable(front, id), NAME_TTL_MS, front.now);
  /** Undefined also where Slack does not tell just now: the others are offered all the same. */
  async function offered(user: string, id: string): Promise<Named | undefined> {
    try {
      const channel = await nameOf(id);
      return channel && (await isFor(front, user, channel)) ? channel : undefined;
    } catch (err) {
      front.log.warn({ err, channel: id }, 'a channel is not offered: Slack does not tell about it just now');
      return undefined;
    }
  }
  return async ({ body, payload, ack }: Search): Promise<void> => {
    const user = body.user.id;
    await requireMember(front.people, user);
    const channels = await Promise.all([...(front.allowed ?? [])].map((id) => offered(user, id)));
    const known = channels.filter((channel) => channel !== undefined);
    const found = bestMatches(known, payload.value.replace(/^#/, ''), ({ name }) => name, MAX_OPTIONS);
    await ack({ options: options(found.map(choice)) });
  };
}

async function usable(front: FrontDesk, id: string): Promise<Named | undefined> {
  try {
    const { channel } = await callSlack(() => front.slack.conversations.info({ channel: id }));
    if (!channel?.is_member || channel.is_archived) return undefined;
    return { id, name: channel.name ?? id, isPrivate: channel.is_private === true };
  } catch (error) {
    if (slackCode(error) === undefined) throw error;
    return undefined;
  }
}

/** The name of a private channel is for those who are in it. */
async function isFor({ people }: FrontDesk, user: string, { id, isPrivate }: Named): Promise<boolean> {
  return !isPrivate || people.isInChannel(user, id);
}

function choice({ id, name }: Named): Choice {
  return { value: id, text: `#${name}` };
}
