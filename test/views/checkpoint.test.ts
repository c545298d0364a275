import { expect, test } from 'vitest';
import { checkpointMessage } from '../../views/checkpoint.ts';
import { shown } from './shown.ts';

const HEAD = 'ab12'.repeat(16);
const AT = Date.parse('2026-11-23T00:00:07Z');
const message = (entries: number, before?: number) =>
  checkpointMessage(
    { at: AT, entries, head: HEAD },
    before === undefined ? undefined : { at: AT - 86_400_000, entries: before, head: '0'.repeat(64) },
  );

test('a checkpoint says how far the log goes, and how to hold the log to it', () => {
  const { text, blocks } = message(1_234, 1_222);
  expect(text).toMatch(
    /^:lock: \*Audit log: 1,234 entries\* up to <!date\^.*\|2026-11-23 00:00 UTC>, 12 of them new since the last checkpoint\.$/,
  );
  expect(shown(blocks)).toContain(`\`\`\`\nopsbot audit verify --checkpoint 1234:${HEAD}\n\`\`\``);
});

test('the first one compares itself with nothing', () => {
  expect(message(1).text).toMatch(/^:lock: \*Audit log: 1 entry\* up to <.*>\.$/);
});

test('entries that are gone are told first, and which checkpoint shows them', () => {
  const { text, blocks } = message(1_000, 12_000);
  expect(text).toMatch(/^:warning: .*, 11,000 fewer than at the last checkpoint\.$/);
  expect(shown(blocks)).toContain('Verify the log by the checkpoint before this one.');
});

test('as many as before are no news by their number', () => {
  expect(message(7, 7).text).not.toMatch(/new|fewer/);
});
