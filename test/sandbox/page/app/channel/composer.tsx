import './composer.css';
import { useEffect, useRef } from 'react';
import { notice, perform } from '../notices.ts';
import { useSlice } from '../store.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { BoltIcon, SendIcon } from '../ui/icons.tsx';
import { Menu } from '../ui/menu.tsx';
import { composerIsThere } from './composer-focus.ts';
import { draftOf, setDraft, useDraft } from './drafts.ts';
import { type Spot, sendingOf } from './sending.ts';
import { TypingArea } from './typing-area.tsx';

export interface ComposerProps extends Spot {
  label: string;
  /** Something was sent. */
  onSent: () => void;
  /** The person wants to change what they have said last. */
  onEditLast: () => void;
}

/** Where one writes. */
export function Composer({ channel, thread, label, onSent, onEditLast }: ComposerProps) {
  const app = useSlice('app');
  const area = useRef<HTMLTextAreaElement>(null);
  const text = useDraft({ channel, thread });

  useEffect(() => (area.current ? composerIsThere({ channel, thread }, area.current) : undefined), [channel, thread]);

  async function send(): Promise<void> {
    const spot = { channel, thread };
    const sending = sendingOf(text, spot, app?.commands ?? []);
    if (sending === undefined) return;
    if ('refused' in sending) return notice(sending.refused, { bad: true });
    setDraft(spot, '');
    onSent();
    const { ok } = await perform(sending.gesture);
    // It stands there again, before what was typed meanwhile.
    if (!ok) setDraft(spot, [text, draftOf(spot)].filter(Boolean).join('\n'));
  }

  const shortcuts = (app?.globalShortcuts ?? []).map(({ name, description }) => ({
    label: name,
    description,
    onSelect: () => void perform({ do: 'shortcut', name }),
  }));
  const isEmpty = text.trim() === '';
  return (
    <div className="composer">
      <div className="composer-box">
        <TypingArea
          label={label}
          text={text}
          area={area}
          onText={(typed) => setDraft({ channel, thread }, typed)}
          onSend={() => void send()}
          onUp={onEditLast}
        />
        <div className="composer-tools">
          <Menu
            side="top"
            trigger={
              <IconButton label="Shortcuts">
                <BoltIcon />
              </IconButton>
            }
            entries={shortcuts}
          />
          <IconButton label="Send now" className="composer-send" disabled={isEmpty} onClick={() => void send()}>
            <SendIcon size={16} />
          </IconButton>
        </div>
      </div>
      <p className="composer-hint" data-shown={!isEmpty}>
        <strong>Shift + Enter</strong> to add a new line
      </p>
    </div>
  );
}
