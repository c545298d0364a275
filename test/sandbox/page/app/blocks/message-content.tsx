import './message-content.css';
import { memo, useMemo } from 'react';
import type { Attachment, StateValues } from '../../../../support/slack/types.ts';
import type { MessageSlice, SurfaceRef } from '../../wire.ts';
import { Blocks } from './blocks.tsx';
import { Snippet } from './snippet.tsx';
import { Mrkdwn } from './text/text-view.tsx';

/** What a message says: its blocks or its text, what is attached, its files. */
export const MessageContent = memo(function MessageContent({ message }: { message: MessageSlice }) {
  const { channel, ts, text, blocks, attachments, files, entered } = message;
  const on = useMemo(() => ({ channel, ts }), [channel, ts]);
  const plain = blocks.length === 0 && text !== '' ? <Mrkdwn text={text} /> : null;
  return (
    <div className="message-content">
      {blocks.length > 0 ? <Blocks blocks={blocks} on={on} entered={entered} /> : plain}
      {attachments.map((attachment, index) => (
        <Attached key={attachment.id ?? index} attachment={attachment} on={on} entered={entered} />
      ))}
      {files.map((file) => (
        <Snippet key={file.id} file={file} />
      ))}
    </div>
  );
});

interface AttachedProps {
  attachment: Attachment;
  on: SurfaceRef;
  entered: StateValues;
}

/** What stands beside a bar of colour. */
function Attached({ attachment: { color, blocks, text }, on, entered }: AttachedProps) {
  return (
    <div className="attached">
      <span className="attached-bar" style={color ? { background: `#${color}` } : {}} />
      {blocks ? <Blocks blocks={blocks} on={on} entered={entered} /> : <Mrkdwn text={text ?? ''} />}
    </div>
  );
}
