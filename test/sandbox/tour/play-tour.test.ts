import { expect, it } from 'vitest';
import type { Message } from '../../support/slack/types.ts';
import { playTour } from './play-tour.ts';
import type { Step } from './steps.ts';

function tellTo(told: string[]) {
  return { begins: (_: number, title: string) => void told.push(title), cameOutRight: () => void told.push('✓') };
}
const content = () => ({ violations: [], broadcasts: [] });
const well = (title: string): Step => ({ title, play: async () => undefined });

it('plays one step after the other', async () => {
  const told: string[] = [];
  await playTour([well('first'), well('second')], content(), tellTo(told));
  expect(told).toEqual(['first', '✓', 'second', '✓']);
});

it('ends at the step that does not come out right, and says which and why', async () => {
  const told: string[] = [];
  const fails: Step = { title: 'second', play: () => Promise.reject(new Error('nginx should run 5 pods.')) };
  await expect(playTour([well('first'), fails, well('third')], content(), tellTo(told))).rejects.toThrow(
    'Step 2 did not come out right: nginx should run 5 pods.',
  );
  expect(told).toEqual(['first', '✓', 'second']);
});

it('does not pass over what Slack would have refused', async () => {
  const violation = { at: 0, kind: 'rejected-call', name: 'chat.update', error: 'invalid_blocks' } as const;
  const slack = { violations: [{ ...violation, reasons: ['too long'], args: {} }], broadcasts: [] };
  await expect(playTour([well('first')], slack, tellTo([]))).rejects.toThrow(
    'Step 1 did not come out right: Slack would refuse chat.update with invalid_blocks (too long).',
  );
});

it('does not pass over a message that notifies a whole channel', async () => {
  const message: Message = { type: 'message', ts: '1.0', user: 'UOPSBOT', team: 'T0LOCAL', text: '<!here>' };
  await expect(playTour([well('first')], { violations: [], broadcasts: [message] }, tellTo([]))).rejects.toThrow(
    'notifies a whole channel',
  );
});
