/** Characters that hide or reorder what stands around them: controls (but line ends and tabs), bidi overrides. */
const DECEIVING = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Without broken surrogates and deceiving characters: for plain_text, where nothing needs escaping. */
export function clean(text: string): string {
  return text.toWellFormed().replace(DECEIVING, (char) => (char === '\n' || char === '\t' ? char : ''));
}

/** Makes text from the cluster or from people harmless in mrkdwn: no mention, no link, no channel alarm. */
export function escaped(text: string): string {
  return clean(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Escaped, then cut to `max`. */
export function short(text: string, max: number): string {
  return cut(escaped(text), max);
}

/** With back-ticks that look like such, but neither begin nor end code. */
export function withoutTicks(text: string): string {
  return text.replaceAll('`', 'ˋ');
}

/** Escaped text on one line as inline code, at most `max` long, whatever back-ticks and line ends are in it. */
export function code(text: string, max = 300): string {
  const line = withoutTicks(text).replace(/\s+/gu, ' ').trim();
  return `\`${short(line, max - 2) || '-'}\``;
}

/** Escaped text as a code block that its own back-ticks cannot end. */
export function codeBlock(text: string): string {
  return `\`\`\`\n${escaped(withoutTicks(text))}\n\`\`\``;
}

/** At most `max` UTF-16 units (how Slack counts at its strictest), never half a character nor half an `&amp;`. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  let end = Math.max(0, max - 1);
  const unit = text.charCodeAt(end);
  if (unit >= 0xdc00 && unit <= 0xdfff) end -= 1;
  return `${text.slice(0, end).replace(/&[a-z]{0,3}$/, '')}…`;
}

/** A moment that each reader sees in their own time zone. `ms` since the epoch. */
export function when(ms: number, time: '{time}' | '{time_secs}' = '{time}'): string {
  const utc = new Date(ms).toISOString();
  return `<!date^${Math.floor(ms / 1000)}^{date_short_pretty} ${time}|${utc.slice(0, 10)} ${utc.slice(11, 16)} UTC>`;
}

/** A person or a user group, by Slack id; anything else (`@sre`) as it stands. Mentions notify when first posted. */
export function mention(id: string): string {
  if (/^[UW][A-Z0-9]+$/.test(id)) return `<@${id}>`;
  return /^S[A-Z0-9]+$/.test(id) ? `<!subteam^${id}>` : short(id, 80);
}

/** `ms` → how long before `now`: `just now`, `40 s ago`, `12 min ago`, `3 h ago`, `2 d ago`. */
export function ago(ms: number, now: number): string {
  return now - ms < 5000 ? 'just now' : `${duration(now - ms)} ago`;
}

/** A length of time in the largest unit that tells enough: `40 s`, `12 min`, `3 h`, `2 d`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 36 ? `${hours} h` : `${Math.round(hours / 24)} d`;
}

/** How long something lasted that is over: `after 12 min`; what is over at once lasted for no `0 s`. */
export function lasted(ms: number): string {
  return ms < 1000 ? 'after less than a second' : `after ${duration(ms)}`;
}

/** `10,000`. By hand: the first `toLocaleString` of a process brings 7 MiB of language data into its memory. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 pod`, `12 pods`, `10,000 pods` */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

const QUOTED_LINES = 15;

/** Multi-line text as a quote; escaped, cut to about `max` and to 15 lines. */
export function quoted(text: string, max: number): string {
  const lines = short(text.trim(), max).split('\n');
  const kept = lines.length > QUOTED_LINES ? [...lines.slice(0, QUOTED_LINES), '…'] : lines;
  return kept.map((line) => `> ${line}`).join('\n');
}
