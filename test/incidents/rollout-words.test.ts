import { describe, expect, test } from 'vitest';
import { imageWords, rolloutBefore, rolloutWords } from '../../src/incidents/rollout-words.ts';
import type { Revision } from '../../src/kubernetes/cluster.ts';

const SINCE = Date.UTC(2026, 10, 22, 14, 0, 0);
const MINUTE = 60_000;
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

/** `web=web:1.4 proxy=envoy:1` */
function revisionOf(revision: number, containers: string, ago: number): Revision {
  const named = containers.split(' ').map((each) => {
    const [name = '', image = ''] = each.split('=');
    return { name, image };
  });
  return { revision, createdAt: SINCE - ago, containers: named };
}

const changeOf = (before: string, after: string) =>
  rolloutWords([revisionOf(2, after, 0), revisionOf(1, before, MINUTE)], '2');

describe('what a rollout has changed', () => {
  test.each([
    ['web=web:1.4', 'web=web:1.5', 'web:1.4 → web:1.5'],
    ['web=registry.example/shop/web:1.4', 'web=registry.example/shop/web:1.5', 'web:1.4 → web:1.5'],
    ['web=a.example/web:1.4', 'web=b.example/web:1.4', 'a.example/web:1.4 → b.example/web:1.4'],
    ['web=web:1', `web=web@${DIGEST}`, 'web:1 → web@sha256:0123456789ab'],
    ['web=web:1 proxy=envoy:1', 'web=web:2 proxy=envoy:1', 'web: web:1 → web:2'],
    ['web=web:1 proxy=envoy:1', 'web=web:2 proxy=envoy:2', 'web: web:1 → web:2; proxy: envoy:1 → envoy:2'],
    ['web=web:1', 'web=web:1 proxy=envoy:1', 'proxy: new, envoy:1'],
    ['web=web:1 proxy=envoy:1', 'web=web:1', 'proxy: gone'],
    ['web=web:1', 'web=web:1', 'the same images (web:1)'],
  ])('%s, then %s', (before, after, words) => {
    expect(changeOf(before, after)).toBe(words);
  });

  test('is told of the revision that is meant', () => {
    const revisions = [3, 2, 1].map((revision) => revisionOf(revision, `web=web:${revision}`, 0));
    expect(rolloutWords(revisions, '2')).toBe('web:1 → web:2');
    expect(rolloutWords(revisions, undefined)).toBe('web:2 → web:3');
    expect(rolloutWords(revisions, '1')).toBeUndefined();
    expect(rolloutWords([], '1')).toBeUndefined();
  });
});

describe('the rollout before the trouble', () => {
  const told = (after: number, earlier: number) =>
    rolloutBefore([revisionOf(2, 'web=web:2', after), revisionOf(1, 'web=web:1', earlier)], SINCE);

  test.each([
    [0, '0 s before'],
    [59_000, '59 s before'],
    [3 * MINUTE, '3 min before'],
    [119 * MINUTE, '119 min before'],
    [24 * 60 * MINUTE, '24 h before'],
  ])('%d ms earlier', (ago, words) => {
    expect(told(ago, 48 * 60 * MINUTE)).toBe(`web:1 → web:2, ${words}`);
  });

  test('is not one that came later, or is long past, or the first one', () => {
    expect(told(-1_000, MINUTE)).toBeUndefined();
    expect(told(24 * 60 * MINUTE + 1, 48 * 60 * MINUTE)).toBeUndefined();
    expect(rolloutBefore([revisionOf(1, 'web=web:1', 0)], SINCE)).toBeUndefined();
  });

  test('has no time where it went back to an older template', () => {
    expect(told(60 * MINUTE, 5 * MINUTE)).toBe('web:1 → web:2, rolled back');
  });
});

test('images are named after their containers where there are several', () => {
  expect(imageWords([{ name: 'web', image: `r.example/web@${DIGEST}` }])).toBe('r.example/web@sha256:0123456789ab');
  expect(imageWords(revisionOf(1, 'web=web:1 proxy=envoy:1', 0).containers)).toBe('web: web:1; proxy: envoy:1');
});
