/** Where one looks: a channel, perhaps with a thread beside it, or the app's Home tab. It stands in the address. */
export type Place = { kind: 'home' } | { kind: 'channel'; channel: string; thread: string | undefined };

/** `#home`, `#C0SANDBOX`, `#C0SANDBOX/1700000000.000001`; undefined for anything else. */
export function parsePlace(hash: string): Place | undefined {
  if (hash === '#home') return { kind: 'home' };
  const [, channel, thread] = /^#([CGD]\w+)(?:\/(\d+\.\d+))?$/.exec(hash) ?? [];
  return channel === undefined ? undefined : { kind: 'channel', channel, thread };
}

export function hashOf(place: Place): string {
  if (place.kind === 'home') return '#home';
  return `#${place.channel}${place.thread === undefined ? '' : `/${place.thread}`}`;
}

/** Where a link to a message leads, as Slack writes those: `…/archives/C0SANDBOX/p1700000000000001`. */
export function placeOfLink(href: string): Place | undefined {
  const [, channel, seconds, micros, thread] =
    /^https:\/\/[\w-]+\.slack\.com\/archives\/(\w+)\/p(\d+)(\d{6})(?:\?thread_ts=(\d+\.\d+).*)?$/.exec(href) ?? [];
  return channel === undefined ? undefined : { kind: 'channel', channel, thread: thread ?? `${seconds}.${micros}` };
}
