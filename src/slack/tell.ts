import type { KnownBlock, MessageAttachment } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { isDirect, type Place } from './place.ts';
import { callSlack, slackCode } from './slack-errors.ts';

/** A message; without blocks its text is mrkdwn and must be escaped. */
export interface Words {
  text: string;
  blocks?: KnownBlock[];
  attachments?: MessageAttachment[];
}

/**
 * Says something to one person alone: ephemerally where they are, else (Home, a channel without opsbot) in their direct
 * messages; where there is nobody to read it, to no one. Errors: as `callSlack`.
 */
export async function tell(slack: WebClient, place: Place, message: Words): Promise<void> {
  const { user, channel, thread } = place;
  const inThread = thread === undefined ? {} : { thread_ts: thread };
  if (channel !== undefined && isDirect(channel)) {
    await callSlack(() => slack.chat.postMessage({ channel, ...inThread, ...message }));
    return;
  }
  if (channel !== undefined && (await whispered(slack, { channel, user, ...inThread, ...message }))) return;
  await tellDirectly(slack, user, message);
}

/** What Slack says of apps and of accounts that are gone: they do not read what opsbot says, now or later. */
const NOBODY = new Set(['cannot_dm_bot', 'user_disabled', 'user_not_found', 'user_not_visible']);

async function tellDirectly(slack: WebClient, user: string, message: Words): Promise<void> {
  try {
    const channel = await directChannel(slack, user);
    await callSlack(() => slack.chat.postMessage({ channel, ...message }));
  } catch (error) {
    if (!NOBODY.has(slackCode(error) ?? '')) throw error;
  }
}

async function whispered(slack: WebClient, message: Parameters<WebClient['chat']['postEphemeral']>[0]) {
  try {
    await callSlack(() => slack.chat.postEphemeral(message));
    return true;
  } catch (error) {
    // Slack refuses where opsbot or the person is not in the channel; their direct messages always work.
    if (slackCode(error) === undefined) throw error;
    return false;
  }
}

/** Id of the direct-message channel with a person. */
export async function directChannel(slack: WebClient, user: string): Promise<string> {
  const opened = await callSlack(() => slack.conversations.open({ users: user }));
  const id = opened.channel?.id;
  if (!id) throw new Error('conversations.open answered without a channel');
  return id;
}

/** To somebody who asked for a change in a direct message. */
export function decidedElsewhere(channel: string): Words {
  return { text: `Changes are decided where others see them: look in <#${channel}>.` };
}
