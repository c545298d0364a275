import { get } from 'node-emoji';

/** The character for a name as Slack knows it; the name between colons where there is none. */
export const emojiOf = (name: string): string => get(name) ?? `:${name}:`;
