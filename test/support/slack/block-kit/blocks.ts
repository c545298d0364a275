import {
  anything,
  array,
  boolean,
  type Check,
  integer,
  isObject,
  oneOf,
  oneOfTypes,
  type Shape,
  string,
  url,
} from './check.ts';
import { anyText, imageSource, mrkdwnText, plainText } from './composition.ts';
import { accessoryElements, actionElements, ELEMENTS, inputElements, type Surface } from './elements.ts';

const image = ELEMENTS.image as Shape;
const imageElement = oneOfTypes({ image });
const contextText = {
  plain_text: { required: { text: string({ max: 3000 }) }, optional: { emoji: boolean } },
  mrkdwn: { required: { text: string({ max: 3000 }) }, optional: { verbatim: boolean } },
};
const richTextElements = array(
  oneOfTypes(
    Object.fromEntries(
      ['section', 'list', 'quote', 'preformatted'].map((name) => [
        `rich_text_${name}`,
        {
          required: { elements: array(anything, { min: 0 }) },
          optional: { style: anything, indent: integer(0, 8), border: anything, offset: anything, language: string() },
        },
      ]),
    ),
  ),
  { min: 0 },
);
const richText: Shape = { required: { elements: richTextElements } };
const cell = oneOfTypes({
  raw_text: { required: { text: string() } },
  raw_number: { required: { value: anything }, optional: { text: string() } },
  rich_text: { ...richText, optional: { block_id: string({ max: 255 }) } },
});

const needsTextOrFields: Check = (section, pointer, report) => {
  if (isObject(section) && section.text === undefined && section.fields === undefined) {
    report('must define either `text` or `fields`', pointer);
  }
};

const needsSomething: Check = (card, pointer, report) => {
  const parts = ['hero_image', 'title', 'actions', 'body'];
  if (isObject(card) && parts.every((part) => card[part] === undefined)) {
    report('must define at least one of `hero_image`, `title`, `actions`, `body`', pointer);
  }
};

const card: Shape = {
  optional: {
    hero_image: imageElement,
    icon: imageElement,
    title: mrkdwnText(150),
    subtitle: mrkdwnText(150),
    body: mrkdwnText(200),
    actions: array(oneOfTypes({ button: ELEMENTS.button as Shape }), { max: 5 }),
  },
  also: needsSomething,
};

const taskCard: Shape = {
  required: {
    task_id: string(),
    title: string(),
    status: oneOf('pending', 'in_progress', 'complete', 'error'),
  },
  optional: {
    details: oneOfTypes({ rich_text: richText }),
    output: oneOfTypes({ rich_text: richText }),
    sources: array(anything),
  },
};

function blocksOf(surface: Surface): Record<string, Shape> {
  return {
    section: {
      optional: {
        text: anyText(3000),
        fields: array(anyText(2000), { max: 10 }),
        accessory: oneOfTypes(accessoryElements(surface)),
        expand: boolean,
      },
      also: needsTextOrFields,
    },
    header: { required: { text: plainText(150) } },
    divider: {},
    context: { required: { elements: array(oneOfTypes({ ...contextText, image }), { max: 10 }) } },
    actions: { required: { elements: array(oneOfTypes(actionElements(surface)), { max: 25 }) } },
    image: {
      ...imageSource,
      required: { alt_text: string({ max: 2000 }) },
      optional: { ...imageSource.optional, title: plainText(2000) },
    },
    input: {
      required: { label: plainText(2000), element: oneOfTypes(inputElements(surface)) },
      optional: { hint: plainText(2000), optional: boolean, dispatch_action: boolean },
    },
    rich_text: richText,
    video: {
      required: { video_url: url(3000), thumbnail_url: url(3000), alt_text: string(), title: plainText(199) },
      optional: {
        title_url: url(3000),
        author_name: string({ max: 49 }),
        provider_name: string(),
        provider_icon_url: url(3000),
        description: plainText(199),
      },
    },
    alert: {
      required: { text: anyText(3000) },
      optional: { level: oneOf('default', 'info', 'warning', 'error', 'success') },
    },
  };
}

const MESSAGE_ONLY: Record<string, Shape> = {
  markdown: { required: { text: string({ max: 12_000 }) } },
  table: {
    required: { rows: array(array(cell, { max: 20 }), { max: 100 }) },
    optional: { column_settings: array(anything, { min: 0, max: 20 }) },
  },
  data_table: {
    required: { rows: array(array(cell, { max: 20 }), { max: 201 }), caption: string() },
    optional: { page_size: integer(1, 100), row_header_column_index: integer(0, 19) },
  },
  context_actions: {
    required: {
      elements: array(
        oneOfTypes({
          feedback_buttons: {
            required: { positive_button: anything, negative_button: anything },
            optional: { action_id: string({ max: 255 }) },
          },
          icon_button: {
            required: { icon: string(), text: plainText(75) },
            optional: {
              action_id: string({ max: 255 }),
              value: string({ max: 2000 }),
              confirm: anything,
              accessibility_label: string({ max: 75 }),
              visible_to_user_ids: array(string()),
            },
          },
        }),
        { max: 5 },
      ),
    },
  },
  card,
  carousel: { required: { elements: array(oneOfTypes({ card }), { max: 10 }) } },
  task_card: taskCard,
  plan: { required: { title: string() }, optional: { tasks: array(oneOfTypes({ task_card: taskCard })) } },
};

const withId = (shape: Shape): Shape => ({ ...shape, optional: { ...shape.optional, block_id: string({ max: 255 }) } });

/** Checks one block for a surface. */
export function blockCheck(surface: Surface): Check {
  const shapes = { ...blocksOf(surface), ...(surface === 'message' ? MESSAGE_ONLY : {}) };
  return oneOfTypes(Object.fromEntries(Object.entries(shapes).map(([type, shape]) => [type, withId(shape)])));
}
