/** The emoji that opsbot and people use, by the names that Slack has for them. */
const EMOJI = new Map(
  Object.entries({
    alarm_clock: '⏰',
    arrows_counterclockwise: '🔄',
    ballot_box_with_check: '☑',
    gear: '⚙',
    grey_question: '❔',
    hourglass_flowing_sand: '⏳',
    leftwards_arrow_with_hook: '↩',
    no_entry: '⛔',
    no_entry_sign: '🚫',
    raised_hand: '✋',
    red_circle: '🔴',
    warning: '⚠',
    white_check_mark: '✅',
    x: '❌',
    '+1': '👍',
    '-1': '👎',
  }),
);
const NAMES = new Map([...EMOJI].map(([name, character]) => [character, name]));

/** `:gear:` → ⚙; what is not known stays as it is. */
export function withEmoji(text: string): string {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => EMOJI.get(name) ?? whole);
}

/** ✅, `:white_check_mark:` or `white_check_mark` → `white_check_mark` */
export function emojiName(typed: string): string {
  const bare = typed.replace(/\ufe0f/g, '').replace(/^:|:$/g, '');
  return NAMES.get(bare) ?? bare;
}
