import { Section } from 'slack-block-builder';
import type { Request } from '../src/requests/request.ts';
import { built, type Message } from './blocks.ts';
import { short } from './text.ts';

export interface Loss {
  request: Request;
  /** It has ended. */
  isOver: boolean;
  headline: string;
  /** Slack's word for why; `error` where it is opsbot's own fault. */
  code: string;
  channel: string;
}

/** To whoever asked: their request cannot be shown where it belongs, and how it can go on all the same. */
export function lossMessage({ request, isOver, headline, code, channel }: Loss): Message {
  const reason = code === 'error' ? 'an error of its own' : code;
  const text = `:warning: opsbot cannot post “${short(headline, 400)}” in <#${channel}> (${short(reason, 100)}).`;
  return {
    text,
    blocks: built(
      Section({
        text: [text, `${remedy(code)} ${isOver ? 'It is over: how it ended follows here.' : wayOn(request)}`].join(
          '\n',
        ),
      }),
    ),
  };
}

function remedy(code: string): string {
  switch (code) {
    case 'not_in_channel':
    case 'channel_not_found':
      return 'Invite opsbot there with /invite @opsbot: what is missing follows within minutes.';
    case 'thread_not_found':
    case 'cannot_reply_to_message':
      return 'Somebody deleted the message that its thread began with.';
    case 'is_archived':
    case 'channel_is_archived':
      return 'The channel is archived.';
    case 'error':
      return 'Its log says why.';
    default:
      return 'Slack does not allow it there.';
  }
}

function wayOn({ id, state }: Request): string {
  if (state !== 'pending') return `It goes on as \`${id}\`: how it ends follows here.`;
  return (
    `It lives on as \`${id}\`: whoever may approve it finds it on opsbot’s Home, or writes \`approve ${id}\` to opsbot. ` +
    `With \`cancel ${id}\` you take it back.`
  );
}
