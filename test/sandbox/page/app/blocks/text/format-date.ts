/** Of the clock and the calendar of whoever reads it. `timeZone` is for tests. */
export interface DateFormatting {
  now: Date;
  timeZone?: string | undefined;
}

type Parts = Record<string, string>;

/** `{date_short_pretty} {time}` → `today 3:12 PM`: the tokens that Slack documents; what is no token stays as it is. */
export function formatDate(seconds: number, format: string, formatting: DateFormatting): string {
  const date = new Date(seconds * 1000);
  return format.replace(/\{(\w+)\}/g, (whole, token: string) => TOKENS[token]?.(date, formatting) ?? whole);
}

const TOKENS: Record<string, (date: Date, formatting: DateFormatting) => string> = {
  date_num: (date, { timeZone }) => new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(date),
  date: (date, formatting) => longDate(partsOf(date, formatting)),
  date_short: (date, formatting) => shortDate(date, formatting),
  date_long: (date, formatting) => fullDate(date, formatting),
  date_pretty: (date, formatting) => nearDay(date, formatting) ?? longDate(partsOf(date, formatting)),
  date_short_pretty: (date, formatting) => nearDay(date, formatting) ?? shortDate(date, formatting),
  date_long_pretty: (date, formatting) => nearDay(date, formatting) ?? fullDate(date, formatting),
  time: (date, { timeZone }) => clock(date, { timeStyle: 'short', timeZone }),
  time_secs: (date, { timeZone }) => clock(date, { timeStyle: 'medium', timeZone }),
  ago: (date, { now }) => ago(date.getTime() - now.getTime()),
};

function partsOf(date: Date, { timeZone }: DateFormatting): Parts {
  const format = new Intl.DateTimeFormat('en-US', {
    weekday: 'long',
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    timeZone,
  });
  return Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, value]));
}

const longDate = ({ month, day, year }: Parts): string => `${month} ${ordinal(Number(day))}, ${year}`;

function fullDate(date: Date, formatting: DateFormatting): string {
  const parts = partsOf(date, formatting);
  return `${parts.weekday}, ${longDate(parts)}`;
}

const shortDate = (date: Date, { timeZone }: DateFormatting): string =>
  new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone }).format(date);

/** With a plain space before AM: some releases of the language data have a narrow one. */
const clock = (date: Date, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-US', options).format(date).replace(/\s/g, ' ');

function ordinal(day: number): string {
  const isTeen = day > 10 && day < 14;
  return `${day}${(isTeen ? undefined : ['th', 'st', 'nd', 'rd'][day % 10]) ?? 'th'}`;
}

const DAY_MS = 86_400_000;
const NEAR: Record<number, string> = { [-1]: 'yesterday', 0: 'today', 1: 'tomorrow' };

function nearDay(date: Date, formatting: DateFormatting): string | undefined {
  const dayNumber = (of: Date) => Date.parse(TOKENS.date_num?.(of, formatting) ?? '') / DAY_MS;
  return NEAR[dayNumber(date) - dayNumber(formatting.now)];
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

function ago(ms: number): string {
  const [unit, size] = UNITS.find(([, one]) => Math.abs(ms) >= one) ?? (['second', 1000] as const);
  return new Intl.RelativeTimeFormat('en-US').format(Math.trunc(ms / size), unit);
}
