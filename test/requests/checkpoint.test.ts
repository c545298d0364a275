import { describe, expect, it } from 'vitest';
import { GENESIS } from '../../src/requests/audit.ts';
import { checkpointIn, checkpointLine } from '../../src/requests/checkpoint.ts';
import { T0 } from './sample.ts';

describe('the line of a checkpoint', () => {
  it('is read again as it was written', () => {
    const checkpoint = { at: T0, entries: 12, head: 'ab'.repeat(32) };
    expect(checkpointIn(checkpointLine(checkpoint))).toEqual(checkpoint);
  });

  it.each([
    '',
    'no JSON',
    'null',
    '{"level":"info","msg":"opsbot is running"}',
    `{"audit":"checkpoint","at":"2026-01-01T00:00:00Z","entries":1.5,"head":"${GENESIS}"}`,
    `{"audit":"checkpoint","at":"2026-01-01T00:00:00Z","entries":1,"head":"${GENESIS.slice(1)}"}`,
    `{"audit":"checkpoint","at":"yesterday","entries":1,"head":"${GENESIS}"}`,
  ])('is none of any other: %s', (line) => {
    expect(checkpointIn(line)).toBeUndefined();
  });
});
