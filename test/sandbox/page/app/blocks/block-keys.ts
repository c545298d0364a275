import type { Block, Element } from '../../../../support/slack/types.ts';

/** `button 1`, `button 2`, `input reason`: names that are one's own stay, the others are counted. */
function keysFor<T>(things: readonly T[], kindOf: (thing: T) => string, ownNameOf: (thing: T) => string | undefined) {
  const seen = new Map<string, number>();
  return things.map((thing) => {
    const kind = kindOf(thing);
    const name = ownNameOf(thing);
    if (name !== undefined) return `${kind} ${name}`;
    const nth = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, nth);
    return `${kind} ${nth}`;
  });
}

/**
 * A key for each block that outlives an update. An input is the same as long as its block_id is: what was typed stays.
 * Slack gives other blocks a new id at each update unless the app does, so these go by their order among their kind.
 */
export const blockKeys = (blocks: readonly Block[]): string[] =>
  keysFor(
    blocks,
    ({ type }) => type,
    ({ type, block_id }) => (type === 'input' ? block_id : undefined),
  );

/** Within a block every action_id is another. */
export const elementKeys = (elements: readonly Element[]): string[] =>
  keysFor(
    elements,
    ({ type }) => type,
    ({ action_id }) => action_id,
  );
