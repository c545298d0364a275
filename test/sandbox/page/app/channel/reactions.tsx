import './reactions.css';
import type { Reaction } from '../../../../support/slack/types.ts';
import type { MessageSlice } from '../../wire.ts';
import { useMe, usePeople } from '../people.ts';
import { emojiOf } from '../ui/emoji.ts';
import { SmileIcon } from '../ui/icons.tsx';
import { ReactionPicker } from './reaction-picker.tsx';
import { reactionSentence } from './reaction-words.ts';
import { toggleReaction } from './toggle-reaction.ts';

/** How people reacted to a message; a click joins in or takes it back. */
export function Reactions({ message }: { message: MessageSlice }) {
  const { id: me } = useMe();
  return (
    <div className="reactions">
      {message.reactions.map((reaction) => (
        <ReactionPill
          key={reaction.name}
          reaction={reaction}
          me={me}
          onToggle={() => toggleReaction(message, reaction.name, me)}
        />
      ))}
      <ReactionPicker
        trigger={
          <button
            type="button"
            className="reactions-pill reactions-add"
            aria-label="Add reaction…"
            title="Add reaction…"
          >
            <SmileIcon size={16} />
          </button>
        }
        onPick={(emoji) => toggleReaction(message, emoji, me)}
      />
    </div>
  );
}

interface ReactionPillProps {
  reaction: Reaction;
  me: string;
  onToggle: () => void;
}

function ReactionPill({ reaction: { name, users, count }, me, onToggle }: ReactionPillProps) {
  const people = usePeople();
  const isMine = users.includes(me);
  const others = users.filter((id) => id !== me).map((id) => people.find((one) => one.id === id)?.name ?? id);
  const sentence = reactionSentence(name, others, isMine);
  return (
    <button type="button" className="reactions-pill" aria-pressed={isMine} title={sentence} onClick={onToggle}>
      <span className="visually-hidden">{sentence}</span>
      <span aria-hidden="true">{emojiOf(name)}</span>
      <span className="reactions-count">{count}</span>
    </button>
  );
}
