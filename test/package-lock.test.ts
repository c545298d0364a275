import { expect, test } from 'vitest';
import lock from '../package-lock.json' with { type: 'json' };

interface Locked {
  optionalDependencies?: Record<string, string>;
  resolved?: string;
}
const packages: Record<string, Locked> = lock.packages;

// npm ci refuses a lock file without them, on every platform; npm install drops those that a registry lacks.
test('the packages of all platforms are locked', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
});

test('no registry is named', () => {
  expect(Object.entries(packages).filter(([, { resolved }]) => resolved)).toEqual([]);
});
