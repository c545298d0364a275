import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from '@slack/bolt';
import type { Action } from '../actions/action.ts';
import type { Origin } from '../requests/request.ts';
import { requestsChannel } from './channel.ts';
import { voteWord } from './command-vote.ts';
import { noteDeleted } from './deleted.ts';
import type { FrontDesk } from './front-desk.ts';
import { requireAllowed } from './only-where-allowed.ts';
import { isDirect } from './place.ts';
import { refusal } from './refusal.ts';
import { type CommandLine, runCommand } from './run-command.ts';
import { requestsInThread } from './shown-request.ts';
import { callSlack } from './slack-errors.ts';
import { decidedElsewhere, tell, type Words } from './tell.ts';
import { voteByWord } from './typed-vote.ts';

type Mention = SlackEventMiddlewareArgs<'app_mention'> & AllMiddlewareArgs;
type Message = SlackEventMiddlewareArgs<'message'> & AllMiddlewareArgs;

/** What somebody wrote, as far as it matters here. */
interface Written {
  user: string;
  text: string;
  channel: string;
  ts: string;
  thread_ts?: string | undefined;
  parent_user_id?: string | undefined;
}

/** `@opsbot …`: answered in the thread, which a mention in the channel begins. */
export function onMention(front: FrontDesk) {
  return async ({ event }: Mention): Promise<void> => {
    const { user, text, channel, ts, thread_ts } = event;
    // An edit that adds or repeats the mention must not ask a second time.
    if (user === undefined || 'edited' in event || event.bot_id !== undefined) return;
    const { parent_user_id } = event as Partial<Written>;
    const written: Written = { user, text, channel, ts, thread_ts, parent_user_id };
    await obey(front, written, afterMention(text, front.bot().userId));
  };
}

/** A direct message is a command; in a channel only a vote in a request's thread concerns opsbot. */
export function onMessage(front: FrontDesk) {
  return async ({ event }: Message): Promise<void> => {
    if (event.subtype === 'message_deleted') return noteDeleted(front, event.channel, event.deleted_ts);
    const written = writtenByPerson(event);
    if (!written) return;
    const bot = front.bot().userId;
    if (isDirect(written.channel)) return obey(front, written, afterMention(written.text, bot));
    // The same message arrives as a mention too; that is where it is read.
    if (written.text.includes(`<@${bot}`)) return;
    await takeTypedVote(front, written);
  };
}

/** Edits, joins, bots' messages and the like carry a subtype or no user; a file or a broadcast reply is still a message. */
function writtenByPerson(event: Message['event']): Written | undefined {
  const { subtype } = event;
  if (subtype !== undefined && subtype !== 'file_share' && subtype !== 'thread_broadcast') return undefined;
  const { user, text, channel, ts, thread_ts, parent_user_id, bot_id } = event as Partial<Written> & {
    bot_id?: string;
  };
  if (!user || !text || !channel || !ts || bot_id !== undefined) return undefined;
  return { user, text, channel, ts, thread_ts, parent_user_id };
}

/** The command in a message: what follows the mention; what precedes it where nothing follows (“help, @opsbot”). */
export function afterMention(text: string, bot: string): string {
  const mention = new RegExp(`<@${bot}(?:\\|[^>]*)?>`);
  const at = mention.exec(text);
  if (!at) return text;
  const after = text.slice(at.index + at[0].length).trim();
  return after === '' ? text.slice(0, at.index).trim() : after;
}

async function obey(front: FrontDesk, written: Written, text: string): Promise<void> {
  const { user, channel, ts } = written;
  await requireAllowed(front, written);
  let aside: Words | undefined;
  const line: CommandLine = {
    text,
    user,
    gestureKey: `${channel}.${ts}`,
    channel,
    thread: written.thread_ts,
    rootAuthor: written.parent_user_id,
    ts,
    async originOf(action) {
      const origin = await originOf(front, written, action);
      if (origin.channel !== channel) aside = decidedElsewhere(origin.channel);
      return origin;
    },
  };
  const answer = (await runCommand(front, line)) ?? aside;
  if (answer) await reply(front, written, answer);
}

/** Nobody else sees a direct message, so nobody could approve a change there. */
async function originOf(front: FrontDesk, { channel, ts, thread_ts }: Written, { effect }: Action): Promise<Origin> {
  const gesture = 'command' as const;
  if (effect === 'change' && isDirect(channel)) {
    const aside = { channel, thread: thread_ts ?? ts };
    return { channel: await requestsChannel(front), thread: undefined, aside, gesture };
  }
  return { channel, thread: thread_ts ?? ts, gesture };
}

async function reply(front: FrontDesk, { channel, ts, thread_ts }: Written, words: Words): Promise<void> {
  await callSlack(() => front.slack.chat.postMessage({ channel, thread_ts: thread_ts ?? ts, ...words }));
}

/** A vote in a request's thread counts without a mention; whatever else people say there is talk. */
async function takeTypedVote(front: FrontDesk, written: Written): Promise<void> {
  const { user, channel, thread_ts: thread, parent_user_id: rootAuthor, ts, text } = written;
  const word = thread === undefined ? undefined : voteWord(text);
  if (thread === undefined || !word) return;
  const here = await requestsInThread(front, { channel, ts: thread, rootAuthor });
  if (!here.some(({ effect }) => effect === 'change')) return;
  await requireAllowed(front, written);
  const { kind: verdict, id, why } = word;
  const { refused } = await voteByWord(front, { verdict, id, why, user, channel, thread, rootAuthor, ts });
  if (refused !== undefined) await tell(front.slack, { user, channel, thread }, refusal(refused));
}
