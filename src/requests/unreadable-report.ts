import { z } from 'zod';
import type { Report } from './order.ts';

const envelope = z.object({
  type: z.string(),
  request: z.string().max(40),
  revision: z.number().int().positive(),
  attempt: z.number().int().positive().optional().catch(undefined),
});
const generation = z.object({ generation: z.number().int().nonnegative() });

const MESSAGE = 'opsbot could not make sense of what its agent reported.';
const ADVICE = 'Look into the opsbot log, and check that hub and agents have the same version.';

/**
 * What takes the place of a report that makes no sense, so that its request ends: dropped, the agent would be sent the
 * same order for ever, and answer the same. Undefined where nothing waits for it, or it does not say what it is about.
 */
export function insteadOf(data: unknown): Report | undefined {
  const about = envelope.safeParse(data);
  if (!about.success) return undefined;
  const { type, request, revision, attempt } = about.data;
  switch (type) {
    case 'planned':
    case 'plan-failed':
      return { type: 'plan-failed', request, revision, error: { kind: 'internal', message: MESSAGE, advice: ADVICE } };
    case 'read':
    case 'finished': {
      const applied = generation.safeParse(data).data ?? {};
      const text = `${MESSAGE} ${ADVICE}`;
      return {
        type: 'finished',
        request,
        revision,
        attempt,
        ...applied,
        outcome: { result: 'failed', reason: 'Unreadable', text },
      };
    }
    case 'drifted':
    case 'lost':
      return { type: 'lost', request, revision, attempt, reason: MESSAGE };
    default:
      return undefined;
  }
}
