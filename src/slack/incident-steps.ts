import type { ColouredMessage, Message } from '../../views/blocks.ts';
import { UnavailableError } from '../errors.ts';
import type { IncidentShowing } from './incident-showing.ts';
import { digestOf } from './message-digest.ts';
import { metadataOf, postOnce } from './post-once.ts';
import { callSlack, isChannelClosed, isGone, slackCode } from './slack-errors.ts';

/** A note as the thread shows it. */
export interface Reply {
  seq: number;
  /** When it was noted, in ms since the epoch. */
  at: number;
  message: Message;
  /** Shown in the channel, too. */
  isForAll: boolean;
}

export interface Content {
  root: ColouredMessage;
  /** Nobody is to look at a red message, or to press its buttons, once it is over. */
  isOver: boolean;
  /** `seq` of the last note that needs no reply: the thread has it already, or the root says it. */
  told: number;
  /** The notes after it that deserve one, in order. */
  replies: readonly Reply[];
  /** `seq` of the last note there is. */
  last: number;
}

/** Makes the one message, or edit, that comes next; `more` where another one is to follow. */
export async function showNext(showing: IncidentShowing, content: Content): Promise<'more' | 'done'> {
  if (isLost(showing)) return 'done';
  const { ts, shown } = showing.surface;
  try {
    if (ts === undefined) return await postRoot(showing, content);
    // In turn: a root that changes all the time must not keep its thread waiting, nor a long thread its root.
    const isReplyDue = content.replies.length > 0 && showing.surface.rootWasLast === true && !content.isOver;
    if (shown !== digestOf(content.root) && !isReplyDue) return await updateRoot(showing, ts, content);
    return await postReply(showing, ts, content);
  } catch (error) {
    await giveUp(showing, error);
    return 'done';
  }
}

const ROOT = 'root-';

/** Its name says when it was first tried, so that it is found however late somebody looks for it. */
async function postRoot(showing: IncidentShowing, content: Content): Promise<'more' | 'done'> {
  const { channel, posting } = showing.surface;
  const part = posting?.startsWith(ROOT) ? posting : `${ROOT}${showing.now()}`;
  const since = Number(part.slice(ROOT.length));
  const { ts, isNew } = await postOnce(showing.poster(since), part, { channel }, content.root);
  // One that was found instead of posted may show an older state.
  const shown = isNew ? digestOf(content.root) : undefined;
  await showing.save({ ts, shown, rootWasLast: true, posting: undefined, gone: undefined, told: content.told });
  return rest(showing, content);
}

async function updateRoot(showing: IncidentShowing, ts: string, content: Content): Promise<'more' | 'done'> {
  const { channel } = showing.surface;
  const { id, slack, log } = showing;
  const metadata = metadataOf({ type: 'incident', id }, 'root');
  try {
    await callSlack(() => slack.chat.update({ channel, ts, ...content.root, metadata }));
  } catch (error) {
    if (!isRefusal(error)) throw error;
    // An admin forbids editing: it stays as it is.
    log.error({ incident: id, err: error }, 'an incident’s message cannot be updated');
  }
  await showing.save({ shown: digestOf(content.root), rootWasLast: true, gone: undefined });
  return rest(showing, content);
}

async function postReply(showing: IncidentShowing, ts: string, content: Content): Promise<'more' | 'done'> {
  const { channel } = showing.surface;
  const [reply, ...later] = content.replies;
  if (reply) {
    const { seq, at, message, isForAll } = reply;
    try {
      await postOnce(showing.poster(at), `note-${seq}`, { channel, thread: ts, isForAll }, message);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // The others are not to wait for it for ever.
      showing.log.error({ incident: showing.id, note: seq, err: error }, 'a note of an incident cannot be posted');
    }
    await showing.save({ posting: undefined, rootWasLast: false, told: seq });
  }
  return rest(showing, { ...content, replies: later });
}

/** Notes that deserve no reply count as told when the last reply is there: they are not news any more later on. */
async function rest(showing: IncidentShowing, { root, replies, last }: Content): Promise<'more' | 'done'> {
  if (replies.length > 0 || showing.surface.shown !== digestOf(root)) return 'more';
  if (showing.surface.told < last) await showing.save({ told: last });
  return 'done';
}

const DELETED = new Set(['message_not_found', 'thread_not_found']);

/** Slack refuses this one call, but the channel and the root message are there. */
function isRefusal(error: unknown): boolean {
  const code = slackCode(error);
  return code !== undefined && !DELETED.has(code) && !isGone(error);
}

/**
 * Somebody deleted the message, or Slack does not take it: this episode is not shown. A channel that cannot be used is
 * another matter: once opsbot is invited, whoever did so wants to see what is wrong.
 */
async function giveUp(showing: IncidentShowing, error: unknown): Promise<void> {
  const code = slackCode(error);
  if (code === undefined) throw error;
  if (isChannelClosed(error)) {
    throw new UnavailableError(`Slack lets opsbot post no incidents in the channel ${showing.channel} (${code}).`, {
      advice: 'Invite it there with /invite @opsbot, or correct the channel in its configuration.',
      cause: error,
    });
  }
  showing.log.error({ incident: showing.id, err: error }, 'an incident cannot be shown');
  const root = DELETED.has(code) ? { ts: undefined, shown: undefined } : {};
  await showing.save({ ...root, posting: undefined, gone: `${code}${inEpisode(showing)}` });
}

function isLost(showing: IncidentShowing): boolean {
  return showing.surface.gone?.endsWith(inEpisode(showing)) ?? false;
}

function inEpisode({ episode }: IncidentShowing): string {
  return ` in episode ${episode}`;
}
