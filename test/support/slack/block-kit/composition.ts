import { anything, array, boolean, type Check, isObject, object, oneOf, oneOfTypes, string, url } from './check.ts';

/** The objects that blocks and elements are composed of, with Slack's limits. */

const plain = (max: number) => ({ required: { text: string({ max }) }, optional: { emoji: boolean } });
const mrkdwn = (max: number) => ({ required: { text: string({ max }) }, optional: { verbatim: boolean } });

export const plainText = (max: number): Check => oneOfTypes({ plain_text: plain(max) });
export const mrkdwnText = (max: number): Check => oneOfTypes({ mrkdwn: mrkdwn(max) });
export const anyText = (max: number): Check => oneOfTypes({ plain_text: plain(max), mrkdwn: mrkdwn(max) });

export const confirmDialog: Check = object({
  required: { title: plainText(100), text: anyText(300), confirm: plainText(30), deny: plainText(30) },
  optional: { style: oneOf('primary', 'danger') },
});

const optionOf = (text: Check, extra: Record<string, Check> = {}): Check =>
  object({
    required: { text, value: string({ max: 150 }) },
    optional: { description: anyText(75), ...extra },
  });

/** Selects show plain text; check boxes and radio buttons understand mrkdwn; overflow menus may lead to a URL. */
export const selectOption = optionOf(plainText(75));
export const boxOption = optionOf(anyText(75));
export const overflowOption = optionOf(plainText(75), { url: url(3000) });

export const selectOptions = array(selectOption, { max: 100 });
export const optionGroups = array(
  object({ required: { label: plainText(75), options: array(selectOption, { max: 100 }) } }),
  { max: 100 },
);

function offered(element: Record<string, unknown>): unknown[] {
  const groups = Array.isArray(element.option_groups) ? element.option_groups : [];
  const grouped = groups.flatMap((group) => (isObject(group) && Array.isArray(group.options) ? group.options : []));
  return [...(Array.isArray(element.options) ? element.options : []), ...grouped];
}

const textOf = (option: unknown) =>
  isObject(option) && isObject(option.text) ? `${String(option.value)}\n${String(option.text.text)}` : '';

/** What is selected at first must be one of the options, text and value alike. */
export const initialAmongOptions: Check = (element, pointer, report) => {
  if (!isObject(element)) return;
  const known = new Set(offered(element).map(textOf));
  if (element.initial_option !== undefined && !known.has(textOf(element.initial_option))) {
    report('could not find option in options', `${pointer}/initial_option`);
  }
  const several = Array.isArray(element.initial_options) ? element.initial_options : [];
  several.forEach((option, index) => {
    if (!known.has(textOf(option))) report('could not find option in options', `${pointer}/initial_options/${index}`);
  });
};

/** A menu has options or groups of them, not both and not neither. */
export const optionsOrGroups: Check = (element, pointer, report) => {
  if (!isObject(element)) return;
  const options = element.options !== undefined;
  const groups = element.option_groups !== undefined;
  if (options === groups) report('must define either `options` or `option_groups`, but not both', pointer);
  initialAmongOptions(element, pointer, report);
};

/** An image is named by URL or by a Slack file, one of them. */
export const imageSource = {
  optional: { image_url: url(3000), slack_file: object({ optional: { id: string(), url: url(3000) } }) },
  also: ((image, pointer, report) => {
    if (isObject(image) && (image.image_url === undefined) === (image.slack_file === undefined)) {
      report('must define either `image_url` or `slack_file`', pointer);
    }
  }) satisfies Check,
};

export const conversationFilter = object({
  optional: { include: array(anything), exclude_external_shared_channels: boolean, exclude_bot_users: boolean },
});
