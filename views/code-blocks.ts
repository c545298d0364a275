import { codeBlock, escaped } from './text.ts';

/** Escaped characters of one code block; a section takes 3,000. */
const BLOCK_MAX = 2850;
/** Escaping makes one character at most five. */
const PIECE = Math.floor(BLOCK_MAX / 5);

/**
 * Text as code blocks that each fit into a section: whole lines, packed from the end, so that the newest ones stand
 * together in the last block. None for an empty text.
 */
export function codeBlocks(body: string): string[] {
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
  return packs.map(codeBlock);
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
