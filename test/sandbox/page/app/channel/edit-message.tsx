import './edit-message.css';
import { useEffect, useRef, useState } from 'react';
import type { MessageSlice } from '../../wire.ts';
import { perform } from '../notices.ts';
import { usePeople } from '../people.ts';
import { typedText } from './typed-text.ts';
import { TypingArea } from './typing-area.tsx';

export interface EditMessageProps {
  message: MessageSlice;
  onDone: () => void;
}

/** A message of one's own while it is written anew. */
export function EditMessage({ message: { channel, ts, text: before }, onDone }: EditMessageProps) {
  const people = usePeople();
  const area = useRef<HTMLTextAreaElement>(null);
  const [typed] = useState(() => typedText(before, (id) => people.find((one) => one.id === id)?.name));
  const [text, setText] = useState(typed);

  useEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(area.current.value.length, area.current.value.length);
  }, []);

  async function save(): Promise<void> {
    if (text.trim() === '') return;
    const { ok } = text.trim() === typed ? { ok: true } : await perform({ do: 'edit', channel, ts, text: text.trim() });
    if (ok) onDone();
  }

  return (
    <div className="edit-message">
      <TypingArea
        label="Edit message"
        text={text}
        area={area}
        onText={setText}
        onSend={() => void save()}
        onEscape={onDone}
      />
      <div className="edit-message-buttons">
        <button type="button" onClick={onDone}>
          Cancel
        </button>
        <button type="button" className="edit-message-save" disabled={text.trim() === ''} onClick={() => void save()}>
          Save
        </button>
      </div>
    </div>
  );
}
