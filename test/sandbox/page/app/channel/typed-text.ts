const SIGNS: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** A message's text as its author typed it: names for ids, addresses without their brackets. */
export function typedText(text: string, nameOf: (user: string) => string | undefined): string {
  return text
    .replaceAll(/<@(\w+)(?:\|[^>]*)?>/g, (whole, id: string) => `@${nameOf(id) ?? whole.slice(2, -1)}`)
    .replaceAll(/<#\w+\|([^>]+)>/g, '#$1')
    .replaceAll(/<!subteam\^\w+\|([^>]+)>/g, '$1')
    .replaceAll(/<!(here|channel|everyone)>/g, '@$1')
    .replaceAll(/<(?:https?|mailto):[^|>]+\|([^>]+)>/g, '$1')
    .replaceAll(/<(https?:[^>]+)>/g, '$1')
    .replaceAll(/&(?:lt|gt|amp);/g, (sign) => SIGNS[sign] ?? sign);
}
