/** The emoji that opsbot and people use, by the names that Slack has for them. */
const EMOJI = new Map(
  Object.entries({
    alarm_clock: '⏰',
    arrows_counterclockwise: '🔄',
    ballot_box_with_check: '☑',
    bell: '🔔',
    gear: '⚙',
    grey_question: '❔',
    hourglass_flowing_sand: '⏳',
    information_source: 'ℹ',
    large_green_circle: '🟢',
    large_orange_circle: '🟠',
    leftwards_arrow_with_hook: '↩',
    new: '🆕',
    no_bell: '🔕',
    no_entry: '⛔',
    no_entry_sign: '🚫',
    raised_hand: '✋',
    raising_hand: '🙋',
    red_circle: '🔴',
    rocket: '🚀',
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
