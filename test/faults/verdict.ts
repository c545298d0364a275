import type { Evidence } from './evidence.ts';
import { aboutTheAudit } from './verdict-audit.ts';
import { aboutTheCluster } from './verdict-cluster.ts';
import { aboutTheDeeds } from './verdict-deeds.ts';
import { aboutTheRequests } from './verdict-requests.ts';
import { aboutTheSurfaces } from './verdict-surfaces.ts';

/** Everything that is not as it has to be after a run, whatever went wrong in it; nothing where all is well. */
export function faultsOf(evidence: Evidence): string[] {
  return [
    ...aboutTheCluster(evidence),
    ...aboutTheRequests(evidence),
    ...aboutTheDeeds(evidence),
    ...aboutTheSurfaces(evidence),
    ...aboutTheAudit(evidence),
    ...evidence.leftOver.map((what) => `left over: ${what}`),
    ...aboutTheCalls(evidence),
    ...evidence.endedByThemselves.filter((end) => !end.includes(GIVES_UP)),
  ];
}

/** A start that has waited in vain for what it needs says so and ends: the next one may find it. */
const GIVES_UP = 'opsbot cannot start.';

/** What Slack may refuse, or miss, where lines are slow: an ack or a dialog that came too late. */
const LATE = new Set(['unknown_envelope', 'expired_trigger_id', 'exchanged_trigger_id']);

function aboutTheCalls({ violations, broadcasts }: Evidence): string[] {
  return [
    ...violations
      .filter(({ kind, error }) => kind !== 'no-ack' && !LATE.has(error))
      // Said again because the answer was lost: it was deleted the first time.
      .filter(({ name, error }) => `${name} ${error}` !== 'chat.delete message_not_found')
      .map(({ name, error, reasons }) => `Slack refused ${name}: ${error} ${reasons.join('; ')}`),
    ...(broadcasts === 0 ? [] : [`${broadcasts} messages would have paged a whole channel`]),
  ];
}
