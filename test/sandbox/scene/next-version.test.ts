import { expect, it } from 'vitest';
import { nextVersion } from './next-version.ts';

it.each([
  ['nginx:1.27.2', 'nginx:1.27.3'],
  ['registry.example:5000/api:2.15.0-rc.9', 'registry.example:5000/api:2.15.0-rc.10'],
  ['registry.example:5000/api', 'registry.example:5000/api:1'],
  ['web:v1-alpine', 'web:v2-alpine'],
  ['web:latest', 'web:latest-1'],
])('the next version of %s is %s', (image, next) => {
  expect(nextVersion(image)).toBe(next);
});
