import { Context, Section } from 'slack-block-builder';
import type { Reading } from '../src/actions/action.ts';
import { built, type Message } from './blocks.ts';
import { codeBlocks } from './code-blocks.ts';
import { escaped, short } from './text.ts';

/** Escaped characters of a whole message. */
const BODY_MAX = 11_000;

/** Colours of a terminal. */
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');

/** True where a reading's body fits into a message; otherwise it goes up as a file. */
export function readingFits(body: string): boolean {
  return body.length <= BODY_MAX && escaped(body).length + body.split('\n').length <= BODY_MAX;
}

/** A read's answer. `fits: false` shows the headline and the last lines, and says that the rest is in the file. */
export function readingMessage({ headline, body, note, fits }: Omit<Reading, 'filename'> & { fits: boolean }): Message {
  const blocks = codeBlocks(body.replace(ANSI, '').trimEnd());
  const shown = fits ? blocks : blocks.slice(-1);
  const remarks = [
    fits ? undefined : 'These are the last lines. All of it is in the file.',
    note && short(note, 1000),
  ].flatMap((remark) => (remark?.trim() ? [remark] : []));
  return {
    text: short(headline, 500),
    blocks: built(
      Section({ text: `*${short(headline, 500)}*` }),
      ...(shown.length === 0 ? [Section({ text: 'There is nothing to show.' })] : []),
      ...shown.map((text) => Section({ text })),
      ...(remarks.length === 0 ? [] : [Context().elements(...remarks)]),
    ),
  };
}
