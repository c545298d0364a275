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

/** The character for one of Slack's names; undefined where there is none. */
export const slackEmoji = (name: string): string | undefined => SLACK[name] ?? get(name);
