import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTerminal, STATES } from '../../src/requests/request.ts';
import { lossMessage } from '../../views/loss.ts';
import { nasty } from './nasty.ts';
import { requestOf } from './request-of.ts';
import { ALARM, shown } from './shown.ts';

test('the channel is named as Slack names it, not by its id', () => {
  const message = lossMessage({
    request: requestOf({}),
    isOver: false,
    headline: 'Restart api',
    code: 'is_archived',
    channel: 'C1',
  });
  for (const text of [message.text, shown(message.blocks)]) {
    expect(text).toContain('opsbot cannot post “Restart api” in <#C1> (is_archived).');
  }
});

test('no headline pages anybody or grows too long', () => {
  fc.assert(
    fc.property(fc.constantFrom(...STATES), nasty(5000), (state, headline) => {
      const message = lossMessage({
        request: requestOf({ state }),
        isOver: isTerminal(state),
        headline,
        code: 'error',
        channel: 'C1',
      });
      expect(shown(message.blocks)).not.toMatch(ALARM);
      expect(message.text).not.toMatch(ALARM);
      expect(shown(message.blocks).length).toBeLessThan(3000);
    }),
  );
});
