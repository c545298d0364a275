import { Context, Section } from 'slack-block-builder';
import type { Reading } from '../src/actions/action.ts';
import { built, type Message } from './blocks.ts';
import { codeBlock, escaped, short } from './text.ts';

/** Escaped characters of one code block (a section takes 3,000), and of a whole message. */
const BLOCK_MAX = 2850;
const BODY_MAX = 11_000;
/** Escaping makes one character at most five. */
const PIECE = Math.floor(BLOCK_MAX / 5);

/** Colours of a terminal. */
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, 'g');

/** True where a reading's body fits into a message; otherwise it goes up as a file. */
export function readingFits(body: string): boolean {
  return body.length <= BODY_MAX && escaped(body).length + body.split('\n').length <= BODY_MAX;
}

/** A read's answer. `fits: false` shows the headline and the last lines, and says that the rest is in the file. */
export function readingMessage({ headline, body, note, fits }: Omit<Reading, 'filename'> & { fits: boolean }): Message {
  const blocks = chunks(body.replace(ANSI, '').trimEnd());
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
      ...shown.map((text) => Section({ text: codeBlock(text) })),
      ...(remarks.length === 0 ? [] : [Context().elements(...remarks)]),
    ),
  };
}

/** Whole lines, packed from the end, so that the newest ones stand together in the last block. */
function chunks(body: string): string[] {
  if (body === '') return [];
  const packs: string[] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const line of body.split('\n').flatMap(pieces).reverse()) {
    const added = escaped(line).length + 1;
    if (length + added > BLOCK_MAX) {
      packs.unshift(line);
      length = added;
    } else {
      packs[0] = `${line}\n${packs[0]}`;
      length += added;
    }
  }
  return packs;
}

/** A line that no block could hold, in parts; never through the middle of a character. */
function pieces(line: string): string[] {
  if (escaped(line).length < BLOCK_MAX) return [line];
  const parts: string[] = [];
  for (let rest = line; rest !== ''; ) {
    const end = /[\ud800-\udbff]/.test(rest.charAt(PIECE - 1)) ? PIECE - 1 : PIECE;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return parts;
}
