import { expect, test } from 'vitest';
import { nearest } from '../src/nearest.ts';

test.each([
  ['ngnix', ['nginx', 'redis'], 'nginx'],
  ['Scale', ['scale', 'restart'], 'scale'],
  ['restrat', ['scale', 'restart'], 'restart'],
  ['ap', ['api', 'web'], 'api'],
  ['database', ['nginx', 'redis'], undefined],
  ['x', [], undefined],
])('%s among %j', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test('the limit can be set', () => {
  expect(nearest('production', ['prod'], 2)).toBeUndefined();
  expect(nearest('production', ['prod'], 6)).toBe('prod');
});
