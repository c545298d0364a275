import { InputError } from '../errors.ts';
import type { FrontDesk } from './front-desk.ts';
import { isDirect } from './place.ts';
import { callSlack, slackCode } from './slack-errors.ts';

/** True where opsbot is in the channel, and so can post there, see who else is, and be voted at. */
export async function isBotIn(front: FrontDesk, channel: string): Promise<boolean> {
  try {
    const { channel: found } = await callSlack(() => front.slack.conversations.info({ channel }));
    if (found?.is_archived) return false;
    return isDirect(channel) || found?.is_member === true;
  } catch (error) {
    if (slackCode(error) === undefined) throw error;
    return false;
  }
}

/** Tells the operator at the start, not when the first message is due, where none can be posted. */
export async function warnOfClosedChannels(front: FrontDesk, channels: ReadonlySet<string>): Promise<void> {
  for (const channel of channels) {
    const isIn = await isBotIn(front, channel).catch(() => undefined);
    if (isIn === false) {
      front.log.warn(
        { channel },
        'opsbot is not in a channel of its configuration: invite it there, or correct the id',
      );
    }
  }
}

/** InputError (at the field `channel`) where opsbot cannot work in a channel; its advice says how to invite it. */
export async function requireBotIn(front: FrontDesk, channel: string): Promise<void> {
  if (await isBotIn(front, channel)) return;
  if (channel === front.channels.requests) {
    throw new InputError(`opsbot is not in the channel where requests are posted (${channel}).`, {
      field: 'channel',
      advice: 'Invite it there with /invite @opsbot, or let channels.requests be corrected in its configuration.',
    });
  }
  throw new InputError('opsbot is not in this channel.', {
    field: 'channel',
    advice: 'Invite it there with /invite @opsbot, then ask again.',
  });
}

/** InputError where there is no channel in which a change could be approved by others, or opsbot is not in it. */
export async function requestsChannel(front: FrontDesk): Promise<string> {
  const { requests } = front.channels;
  if (requests !== undefined) {
    await requireBotIn(front, requests);
    return requests;
  }
  throw new InputError('A change needs a channel in which others can see and approve it.', {
    field: 'channel',
    advice: 'Ask in a channel that opsbot is in, or let channels.requests be set in the opsbot configuration.',
  });
}
