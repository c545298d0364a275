import { colorOf } from '../../support/slack/attachments.ts';
import { isInput } from '../../support/slack/form.ts';
import type { Attachment, Block, Message, User } from '../../support/slack/types.ts';
import {
  attachmentText,
  buttonLabel,
  elementsOf,
  inputLabel,
  isButton,
  messageText,
} from '../../support/slack/visible.ts';
import { plainLines } from './plain-text.ts';
import type { Style } from './style.ts';

/** A message as it stands on the screen. */
export interface Shown {
  author: string;
  /** Where it is: `#ops`, or `bob and opsbot`. */
  place: string;
  inThread: boolean;
  /** The one person who sees it. */
  only: string | undefined;
  lines: string[];
}

export interface Place {
  place: string;
  only: string | undefined;
}

export function showMessage(message: Message, { place, only }: Place, users: Map<string, User>, style: Style): Shown {
  const { attachments = [], blocks = [], ...rest } = message;
  const reactions = (message.reactions ?? []).map(({ name, users: ids }) => {
    const who = ids.map((id) => users.get(id)?.name ?? id).join(', ');
    return plainLines(`:${name}: ${who}`, style).join('');
  });
  return {
    author: users.get(message.user)?.name ?? message.user,
    place,
    inThread: message.thread_ts !== undefined && message.thread_ts !== message.ts,
    only,
    lines: [
      ...plainLines(messageText({ ...rest, blocks: withoutControls(blocks) }, users), style),
      ...controls(blocks, style),
      ...attachments.flatMap((attachment) => attachmentLines(attachment, users, style)),
      ...reactions,
    ],
  };
}

function attachmentLines(attachment: Attachment, users: Map<string, User>, style: Style): string[] {
  const { blocks, ...older } = attachment;
  const shown = blocks ? { ...older, blocks: withoutControls(blocks) } : older;
  const bar = style.bar(colorOf(attachment) ?? NO_COLOUR);
  return [...plainLines(attachmentText(shown, users), style), ...controls(blocks ?? [], style)].map(
    (line) => `${bar}${line}`,
  );
}

/** Slack's own, where an attachment has none. */
const NO_COLOUR = '#dddddd';

const withoutControls = (blocks: readonly Block[]) => blocks.filter(({ type }) => type !== 'actions');

/** Buttons and selects get a line of their own. */
function controls(blocks: readonly Block[], style: Style): string[] {
  const found = elementsOf(blocks).flatMap((placed) => {
    if (isButton(placed)) return [`[${buttonLabel(placed.element)}]`];
    return isInput(placed.element) ? [`[${inputLabel(placed)} ▾]`] : [];
  });
  return found.length > 0 ? [style.bold(found.join(' '))] : [];
}
