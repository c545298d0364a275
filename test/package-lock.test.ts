import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Lock {
  packages: Record<
    string,
    {
      optionalDependencies?: Record<string, string>;
      resolved?: string;
      integrity?: string;
      optional?: boolean;
      hasInstallScript?: boolean;
    }
  >;
}
const lock: Lock = JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8'));
const packages = Object.entries(lock.packages);

// npm ci refuses a lock file without them, on every platform; npm install drops those that a registry lacks.
test('the packages of all platforms are locked', () => {
  const missing = packages.flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
    ),
  );
  expect(packages.length).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});

// What lacks one is optional, and for platforms that production is not on.
test('every package that has to be there is locked by its checksum', () => {
  const unchecked = packages.filter(([path, { integrity, optional }]) => path !== '' && !integrity && !optional);
  expect(unchecked.map(([path]) => path)).toEqual([]);
});

// npm before 12 runs those that nobody has judged.
test('every package with an install script is judged, and only the one that brings Node may run it', () => {
  const { allowScripts } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
    allowScripts: Record<string, boolean>;
  };
  const scripted = packages.flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.split('node_modules/').at(-1)] : [],
  );
  expect(scripted.sort()).toEqual(Object.keys(allowScripts).sort());
  expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(['node']);
});

test('no registry is named', () => {
  expect(packages.filter(([, { resolved }]) => resolved)).toEqual([]);
});
