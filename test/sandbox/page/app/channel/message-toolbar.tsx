import './message-toolbar.css';
import { Toolbar } from '@base-ui/react/toolbar';
import type { MessageSlice } from '../../wire.ts';
import { perform } from '../notices.ts';
import { usePerson } from '../people.ts';
import { useSlice } from '../store.ts';
import { emojiOf } from '../ui/emoji.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { MoreIcon, ReplyIcon, SmileIcon } from '../ui/icons.tsx';
import { Menu, type MenuEntry } from '../ui/menu.tsx';
import { ReactionPicker } from './reaction-picker.tsx';
import { shownName } from './shown-name.ts';
import { toggleReaction } from './toggle-reaction.ts';
import { openThread } from './visit-thread.ts';

export interface MessageToolbarProps {
  message: MessageSlice;
  me: string;
  /** Whether one can go on into its thread: not where that is what one looks at. */
  canReply: boolean;
  onEdit: () => void;
  onDelete: () => void;
  /** A menu of it is open, and it must stay. */
  onOpenChange: (open: boolean) => void;
}

const QUICK = ['white_check_mark', 'eyes'];

/** What can be done with a message. One tab stop; the arrow keys move in it. */
export function MessageToolbar(props: MessageToolbarProps) {
  const { message, me, canReply, onOpenChange } = props;
  const entries = useMoreEntries(props);
  return (
    <Toolbar.Root className="message-toolbar" aria-label="Message actions">
      {QUICK.map((emoji) => (
        <Toolbar.Button
          key={emoji}
          render={<IconButton label={`React with :${emoji}:`}>{emojiOf(emoji)}</IconButton>}
          onClick={() => toggleReaction(message, emoji, me)}
        />
      ))}
      <ReactionPicker
        trigger={
          <Toolbar.Button
            render={
              <IconButton label="Add reaction…">
                <SmileIcon />
              </IconButton>
            }
          />
        }
        onPick={(emoji) => toggleReaction(message, emoji, me)}
        onOpenChange={onOpenChange}
      />
      {canReply ? (
        <Toolbar.Button
          render={
            <IconButton label="Reply in thread">
              <ReplyIcon />
            </IconButton>
          }
          onClick={() => openThread(message.channel, message.thread ?? message.ts)}
        />
      ) : null}
      <Menu
        align="end"
        trigger={
          <Toolbar.Button
            render={
              <IconButton label="More actions">
                <MoreIcon />
              </IconButton>
            }
          />
        }
        entries={entries}
        onOpenChange={onOpenChange}
      />
    </Toolbar.Root>
  );
}

function useMoreEntries({ message: { by, channel, ts }, me, onEdit, onDelete }: MessageToolbarProps): MenuEntry[] {
  const app = useSlice('app');
  const appName = shownName(usePerson(app?.user ?? ''));
  const shortcuts = (app?.messageShortcuts ?? []).map(({ name }) => ({
    label: name,
    description: appName,
    onSelect: () => void perform({ do: 'message shortcut', name, channel, ts }),
  }));
  const own = [
    { label: 'Edit message', onSelect: onEdit },
    { label: 'Delete message', danger: true, onSelect: onDelete },
  ];
  return by === me ? [...shortcuts, ...own] : shortcuts;
}
