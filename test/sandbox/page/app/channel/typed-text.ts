import { readable } from '../../../../support/slack/visible.ts';

/** A message's text as its author typed it: names for ids, addresses without their brackets. */
export function typedText(text: string, nameOf: (user: string) => string | undefined): string {
  return readable(text.replaceAll(/<!(here|channel|everyone)>/g, '@$1'), (id) => nameOf(id) ?? id);
}
