import { expect, test } from 'vitest';
import { exitWords } from '../../src/incidents/exit-words.ts';

test.each([
  [1, 'Error', '1 (Error)'],
  [0, 'Completed', '0 (Completed)'],
  [137, 'OOMKilled', '137 (OOMKilled)'],
  [137, 'Error', '137 (SIGKILL)'],
  [137, undefined, '137 (SIGKILL)'],
  [139, 'Error', '139 (segmentation fault)'],
  [143, 'Error', '143 (SIGTERM)'],
  [127, 'ContainerCannotRun', '127 (ContainerCannotRun: command not found)'],
  [126, 'Error', '126 (command cannot be executed)'],
  [42, undefined, '42'],
])('exit code %d (%s)', (exitCode, reason, words) => {
  expect(exitWords({ exitCode, reason })).toBe(words);
});
