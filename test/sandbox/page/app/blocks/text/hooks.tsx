import type { MessageProps } from 'slack-blocks-to-jsx';
import { hashOf, placeOfLink } from '../../place.ts';
import { slackEmoji } from '../../ui/emoji.ts';
import { DateTime } from './date-time.tsx';
import { ChannelMention, Mention, UserMention } from './mention.tsx';
import { isLink } from './parse-reference.ts';

/** How the library shows what it leaves to the page. */
export const hooks: NonNullable<MessageProps['hooks']> = {
  user: ({ id, style }) => <UserMention user={id} bold={style?.bold ?? false} />,
  channel: ({ id }) => <ChannelMention channel={id} />,
  usergroup: ({ id }) => <Mention>@{id}</Mention>,
  atHere: () => <Mention isMe>@here</Mention>,
  atChannel: () => <Mention isMe>@channel</Mention>,
  atEveryone: () => <Mention isMe>@everyone</Mention>,
  emoji: ({ name }) => slackEmoji(name) ?? `:${name}:`,
  date: ({ timestamp, format }) => <DateTime seconds={Number(timestamp)} format={format} />,
  link({ href, children, className }) {
    const place = placeOfLink(href);
    if (place) return <a href={hashOf(place)}>{children}</a>;
    if (!isLink(href)) return <span>{children}</span>;
    return (
      <a href={href} target="_blank" rel="noreferrer" className={className}>
        {children}
      </a>
    );
  },
};
