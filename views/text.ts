/** Makes text from the cluster or from people harmless in mrkdwn: no mention, no link, no channel alarm. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escaped text as inline code, whatever back-ticks and line ends are in it. */
export function code(text: string): string {
  const plain = text.replace(/\s+/gu, ' ').replaceAll('`', 'ˋ').trim();
  return plain === '' ? '`-`' : `\`${escaped(plain)}\``;
}

/** Escaped text as a code block that its own back-ticks cannot end. */
export function codeBlock(text: string): string {
  return `\`\`\`\n${escaped(text.replaceAll('`', 'ˋ'))}\n\`\`\``;
}

/** At most `max` UTF-16 units (as Slack counts at its strictest), never half a character nor half an `&amp;`. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = Math.max(0, max - 1);
  const unit = text.charCodeAt(end);
  if (unit >= 0xdc00 && unit <= 0xdfff) end -= 1;
  return `${text.slice(0, end).replace(/&[a-z]{0,3}$/, '')}…`;
}

/** A moment that each reader sees in their own time zone. `ms` since the epoch. */
export function when(ms: number): string {
  const utc = new Date(ms).toISOString();
  return `<!date^${Math.floor(ms / 1000)}^{date_short_pretty} {time}|${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC>`;
}

export function mention(user: string): string {
  return /^[UW][A-Z0-9]+$/.test(user) ? `<@${user}>` : escaped(user);
}

/** `ms` → how long before `now`: `just now`, `40 s ago`, `12 min ago`, `3 h ago`, `2 d ago`. */
export function ago(ms: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - ms) / 1000));
  return seconds < 5 ? 'just now' : `${duration(seconds * 1000)} ago`;
}

/** A length of time in its largest whole unit: `40 s`, `12 min`, `3 h`, `2 d`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 36 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}
