import { expect, test } from 'vitest';
import { nodeProblem } from '../../deploy/node-version.js';

test.each(['22.19.0', '23.0.0', '24.1.0'])('Node %s will do', (version) => {
  expect(nodeProblem(version, true)).toBeUndefined();
});

test.each(['18.20.0', '20.20.2', '22.18.9'])('Node %s is told what to do', (version) => {
  expect(nodeProblem(version, true)).toContain(`needs Node 22.19 or newer, and this is Node ${version}`);
});

test('without packages npm ci comes first, whatever the version', () => {
  expect(nodeProblem('20.0.0', false)).toBe('The dependencies are not installed. Run: npm ci');
});
