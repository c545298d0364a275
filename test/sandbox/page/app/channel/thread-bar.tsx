import './thread-bar.css';
import type { MessageSlice } from '../../wire.ts';
import { Avatar } from '../ui/avatar.tsx';
import { lastReply, repliesInWords } from './thread-words.ts';
import { openThread } from './visit-thread.ts';

const FACES = 5;

/** What goes on in the thread below a message, and the way to it. */
export function ThreadBar({ message }: { message: MessageSlice }) {
  const { channel, ts, replies, repliers, latestReply, newReplies } = message;
  return (
    <button type="button" className="thread-bar" onClick={() => openThread(channel, ts)}>
      {repliers.slice(0, FACES).map((user) => (
        <Avatar key={user} user={user} size={24} />
      ))}
      <span className="thread-bar-replies">{repliesInWords(replies)}</span>
      {newReplies > 0 ? <span className="thread-bar-new">{newReplies} new</span> : null}
      <span className="thread-bar-when">
        {latestReply === undefined ? null : <span className="thread-bar-last">{lastReply(latestReply)}</span>}
        <span className="thread-bar-view" aria-hidden="true">
          View thread
        </span>
      </span>
    </button>
  );
}
