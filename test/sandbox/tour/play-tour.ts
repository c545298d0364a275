import type { LocalSlack } from '../../support/slack/local-slack.ts';
import type { Step } from './steps.ts';

export interface Narrator {
  begins(number: number, title: string): void;
  cameOutRight(): void;
}

/**
 * Plays the steps, one after the other. Throws a sentence that names the step where one does not come out right, or where
 * Slack would have refused something that opsbot did in it.
 */
export async function playTour(
  steps: readonly Step[],
  slack: Pick<LocalSlack, 'violations' | 'broadcasts'>,
  narrator: Narrator,
): Promise<void> {
  for (const [index, { title, play }] of steps.entries()) {
    narrator.begins(index + 1, title);
    try {
      await play();
      mustPlease(slack);
    } catch (error) {
      throw new Error(`Step ${index + 1} did not come out right: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
    narrator.cameOutRight();
  }
}

function mustPlease({ violations, broadcasts }: Pick<LocalSlack, 'violations' | 'broadcasts'>): void {
  const [violation] = violations;
  if (violation) {
    const { name, error, reasons } = violation;
    throw new Error(`Slack would refuse ${name} with ${error}${reasons.length > 0 ? ` (${reasons.join('; ')})` : ''}.`);
  }
  if (broadcasts.length > 0) throw new Error('opsbot has posted a message that notifies a whole channel.');
}
