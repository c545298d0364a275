import './mention.css';
import type { ReactNode } from 'react';
import { useMe, usePerson } from '../../people.ts';
import { hashOf } from '../../place.ts';
import { useSlice } from '../../store.ts';

export interface MentionProps {
  children: ReactNode;
  /** It is meant for whoever sees it. */
  isMe?: boolean;
  bold?: boolean;
}

/** The name of somebody who is called. */
export function Mention({ children, isMe = false, bold = false }: MentionProps) {
  const look = `mention${isMe ? ' mention-me' : ''}${bold ? ' mention-bold' : ''}`;
  return <span className={look}>{children}</span>;
}

export function UserMention({ user, bold }: { user: string; bold: boolean }) {
  const { id, name } = usePerson(user);
  const me = useMe();
  return (
    <Mention isMe={id !== '' && id === me.id} bold={bold}>
      @{id === '' ? user : name}
    </Mention>
  );
}

export function ChannelMention({ channel }: { channel: string }) {
  const slice = useSlice(`channel ${channel}`);
  if (!slice) return <Mention>#{channel}</Mention>;
  return (
    <a className="mention" href={hashOf({ kind: 'channel', channel, thread: undefined })}>
      #{slice.name}
    </a>
  );
}
