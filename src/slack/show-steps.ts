import { stepLine } from '../../views/steps.ts';
import { postOnce } from './post-once.ts';
import type { Showing } from './showing.ts';

/** The request's story, a line in the thread for each step that deserves one, in order and each once. */
export async function showSteps(showing: Showing): Promise<void> {
  const { request, surface } = showing;
  const { channel, thread } = surface;
  if (thread === undefined || !surface.cards.some(({ revision }) => revision > 0)) return;
  for (let index = surface.told; index < request.steps.length; index += 1) {
    const step = request.steps[index];
    const text = step && stepLine({ request, step });
    if (text !== undefined) await postOnce(showing, stepPart(index), { channel, thread }, { text });
    const isLast = index + 1 === request.steps.length;
    if (text !== undefined || isLast) await showing.save({ posting: undefined, told: index + 1 });
  }
}

const stepPart = (index: number): string => `step-${index}`;

/** Which of the request's steps the part tells; undefined where it is none. */
export function stepIn(part: string): number | undefined {
  const match = /^step-(\d{1,9})$/.exec(part);
  return match ? Number(match[1]) : undefined;
}
