import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OUTCOMES } from '../../src/requests/history-filter.ts';
import { decodePlace, encodePlace, type HistoryPlace, olderPlace } from '../../src/slack/history-place.ts';
import { HISTORY_ROWS } from '../../views/history.ts';

const NOW = Date.UTC(2026, 10, 3, 3, 14, 15);

describe('the value of a button', () => {
  const filter = fc.record(
    {
      about: fc.constantFrom('scale', 'incidents'),
      namespace: fc.constantFrom('prod', 'n'.repeat(63)),
      name: fc.constantFrom('api', Array.from({ length: 4 }, () => 'n'.repeat(62)).join('.')),
      kind: fc.constantFrom('StatefulSet'),
      by: fc.constant('U0123456789'),
      since: fc.constant(NOW),
      outcome: fc.constantFrom(...OUTCOMES),
    },
    { requiredKeys: [] },
  );

  test('leads to the page it was made for, however many pages that is back', () => {
    fc.assert(
      fc.property(filter, fc.integer({ min: 1, max: HISTORY_ROWS }), fc.nat(80), (narrow, count, pages) => {
        let place: HistoryPlace = { filter: narrow, count, begins: [] };
        for (let page = 0; page < pages; page += 1) place = olderPlace(place, `${NOW + page}-${page}`);
        const value = encodePlace(place);
        expect(value.length).toBeLessThanOrEqual(2000);
        expect(decodePlace(value)).toEqual({ ...place, begins: place.begins.slice(-30) });
      }),
    );
  });

  test.each([
    undefined,
    '',
    '{}',
    JSON.stringify({ filter: {}, count: 1000, begins: [] }),
    JSON.stringify({ filter: {}, count: 5, begins: ['+'] }),
    JSON.stringify({ filter: { name: '<!channel>' }, count: 5, begins: [] }),
    JSON.stringify({ filter: { outcome: 'constructor' }, count: 5, begins: [] }),
  ])('that is none of ours says nothing: %j', (value) => {
    expect(decodePlace(value)).toBeUndefined();
  });
});
