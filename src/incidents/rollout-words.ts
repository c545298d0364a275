import type { Revision } from '../kubernetes/cluster.ts';

type Containers = Revision['containers'];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Whoever looks for a cause looks at what was rolled out until so long before. */
const SUSPECT_MS = 24 * HOUR;

/**
 * `web:1.4 → web:1.5, 3 min before`: what was rolled out before the trouble began. Undefined where nothing was within a
 * day. `revisions`: newest first.
 */
export function rolloutBefore(revisions: readonly Revision[], since: number): string | undefined {
  const [after, before] = revisions;
  if (after === undefined || before === undefined) return undefined;
  // The template that was rolled back to is older than the one that it replaces, and nothing says when that was.
  const isRollback = after.createdAt < before.createdAt;
  const ago = since - Math.max(after.createdAt, before.createdAt);
  if (ago < 0 || ago > SUSPECT_MS) return undefined;
  const change = changeWords(before.containers, after.containers);
  return isRollback ? `${change}, rolled back` : `${change}, ${agoWords(ago)} before`;
}

/** `web:1.4 → web:1.5`: what a rollout has changed. Undefined where it is the first one. `revision`: absent: the newest. */
export function rolloutWords(revisions: readonly Revision[], revision: string | undefined): string | undefined {
  const named = revisions.findIndex((one) => String(one.revision) === revision);
  const [after, before] = revisions.slice(Math.max(0, named));
  return after && before && changeWords(before.containers, after.containers);
}

/** `web:1.5`, and with its container's name where there are several. */
export function imageWords(containers: Containers): string {
  const words = containers.map(({ name, image }) => labelled(containers, name, shortImage(image)));
  return words.join('; ');
}

function changeWords(before: Containers, after: Containers): string {
  const both = [...after, ...before];
  const label = (name: string, words: string) =>
    both.every((one) => one.name === name) ? words : labelled(both, name, words);
  const changed = after.flatMap(({ name, image }) => {
    const old = before.find((one) => one.name === name)?.image;
    if (old === undefined) return [label(name, `new, ${shortImage(image)}`)];
    return old === image ? [] : [label(name, arrow(old, image))];
  });
  const gone = before.filter(({ name }) => !after.some((one) => one.name === name));
  const words = [...changed, ...gone.map(({ name }) => label(name, 'gone'))];
  return words.length === 0 ? `the same images (${imageWords(after)})` : words.join('; ');
}

function labelled(all: Containers, name: string, words: string): string {
  return all.length <= 1 ? words : `${name}: ${words}`;
}

/** Registry and path are left out where both have the same. */
function arrow(before: string, after: string): string {
  const path = pathOf(before);
  const shared = path === pathOf(after) ? path.length : 0;
  return `${shortImage(before.slice(shared))} → ${shortImage(after.slice(shared))}`;
}

function pathOf(image: string): string {
  return image.slice(0, image.lastIndexOf('/') + 1);
}

/** With so much of a digest as people compare. */
function shortImage(image: string): string {
  return image.replace(/(@sha256:[0-9a-f]{12})[0-9a-f]+$/, '$1');
}

function agoWords(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / 1000)} s`;
  return ms < 2 * HOUR ? `${Math.floor(ms / MINUTE)} min` : `${Math.floor(ms / HOUR)} h`;
}
