/** Every string that a person reads in blocks or a view, in order. */
export function shown(value: unknown): string {
  return texts(value).join('\n');
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'text' && typeof inner === 'string' ? [inner] : texts(inner),
  );
}

/** Labels of the buttons, in order. */
export function buttons(value: unknown): string[] {
  return found(value, 'button').map((button) => (button.text as { text: string }).text);
}

/** Every object of that Slack type. */
export function found(value: unknown, type: string): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap((inner) => found(inner, type));
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value && value.type === type ? [value as Record<string, unknown>] : [];
  return [...own, ...Object.values(value).flatMap((inner) => found(inner, type))];
}

/** What may reach or page somebody, and was not written by opsbot itself. */
export const ALARM = /<!(channel|here|everyone)|<@UEVIL|<http/;
