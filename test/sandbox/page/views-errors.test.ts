import { expect, it } from 'vitest';
import { standing } from './app/views/standing-errors.ts';

it('keeps the errors of the blocks in which nothing else was entered', () => {
  const errors = { workload: 'Please complete this required field.', replicas: 'Please enter a number.' };

  expect(standing(errors, new Set())).toEqual(errors);
  expect(standing(errors, new Set(['workload', 'reason']))).toEqual({ replicas: 'Please enter a number.' });
});
