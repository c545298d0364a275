import { get } from 'node-emoji';

/** Names of Slack's that the library does not know. */
const SLACK: Record<string, string> = {
  large_brown_circle: '🟤',
  large_green_circle: '🟢',
  large_orange_circle: '🟠',
  large_purple_circle: '🟣',
  large_yellow_circle: '🟡',
  raising_hand: '🙋',
  simple_smile: '🙂',
  thinking_face: '🤔',
  thumbsdown: '👎',
  thumbsup: '👍',
};

/** Characters that are drawn as text, without colour, unless one asks for more. */
const PLAIN = /^[\u2000-\u2bff]$/u;
const IN_COLOUR = '\ufe0f';

/** The character for one of Slack's names; undefined where there is none. */
export function slackEmoji(name: string): string | undefined {
  const character = SLACK[name] ?? get(name);
  return character !== undefined && PLAIN.test(character) ? character + IN_COLOUR : character;
}

/** The character, or the name between colons where there is none. */
export const emojiOf = (name: string): string => slackEmoji(name) ?? `:${name}:`;
