import type { Incident, Storm } from './incident.ts';

/** More are not counted. */
export const MEMBERS_KEPT = 500;

/**
 * The storm of a channel after a change there; undefined where it is as it was. It begins with more than `threshold`
 * open incidents and lasts until no more than half as many are: one that stays broken for days must not keep it going.
 * `open`: those not resolved in the channel, but silenced ones and rollouts.
 * Only the first 500 are kept as members.
 */
export function nextStorm(
  current: Storm | undefined,
  open: readonly Incident[],
  threshold: number,
  now: number,
  newId: () => string,
): Storm | undefined {
  const inOrder = open.toSorted((a, b) => a.noticedAt - b.noticedAt || (a.id < b.id ? -1 : 1));
  const ids = inOrder.map(({ id }) => id);
  if (!current || current.endedAt !== undefined) {
    const [first] = inOrder;
    if (!first || open.length <= threshold) return undefined;
    const members = ids.slice(0, MEMBERS_KEPT);
    return { id: newId(), version: 1, channel: first.channel, startedAt: now, members, endedAt: undefined };
  }
  const version = current.version + 1;
  if (ids.length <= threshold / 2) return { ...current, version, endedAt: now };
  const members = [...new Set([...current.members, ...ids])].slice(0, MEMBERS_KEPT);
  return members.length > current.members.length ? { ...current, version, members } : undefined;
}
