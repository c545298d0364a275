import { anyString, anything, array, boolean, type Check, isObject, matching, object, string, url } from './check.ts';

/**
 * Slack's *secondary attachments*: a coloured bar with blocks beside it. What an attachment says without blocks is the
 * older form, and the two do not go together (bolt-js#717).
 */
const look = {
  color: matching(/^(good|warning|danger|#?[0-9a-f]{6})$/i, 'color'),
  fallback: anyString(),
};

const olderForm = object({
  optional: {
    ...look,
    pretext: anyString(),
    author_name: anyString(),
    author_link: url(3000),
    author_icon: url(3000),
    title: anyString(),
    title_link: url(3000),
    text: anyString(),
    fields: array(object({ required: { title: string(), value: string() }, optional: { short: boolean } })),
    image_url: url(3000),
    thumb_url: url(3000),
    footer: anyString(),
    footer_icon: url(3000),
    ts: anything,
    mrkdwn_in: array(string()),
  },
  also(attachment, pointer, report) {
    if (isObject(attachment) && !attachment.text && !attachment.fallback) {
      report('must define either `text` or `fallback`', pointer);
    }
  },
});

/** Checks one attachment; `blocks` checks those in it. */
export function attachmentCheck(blocks: Check): Check {
  const withBlocks = object({ required: { blocks }, optional: look });
  return (attachment, pointer, report) => {
    const check = isObject(attachment) && attachment.blocks !== undefined ? withBlocks : olderForm;
    check(attachment, pointer, report);
  };
}
