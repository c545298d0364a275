import { z } from 'zod';
import { isObjectName } from '../actions/names.ts';
import { isTerminal, STATES, type State } from './request.ts';

/** How a request stands, in the words by which people look for it. A state may belong to two of them. */
const STATES_OF = {
  open: STATES.filter((state) => !isTerminal(state)),
  done: ['succeeded'],
  failed: ['failed', 'unknown', 'invalid'],
  rejected: ['rejected', 'denied'],
  cancelled: ['cancelled'],
  expired: ['expired'],
} as const satisfies Record<string, readonly State[]>;

export type Outcome = keyof typeof STATES_OF;
export const OUTCOMES = Object.keys(STATES_OF) as [Outcome, ...Outcome[]];

/** What history can be about beside one action; no action has such a name. */
export const ABOUT = { changes: 'changes', incidents: 'incidents' } as const;
export type About = keyof typeof ABOUT;

const objectName = z.string().refine(isObjectName);

/** What to show of history; what is absent does not narrow it. */
export const HistoryFilter = z.object({
  /** An action's name, or one of ABOUT. */
  about: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,40}$/)
    .optional(),
  kind: z
    .string()
    .regex(/^[A-Za-z]{1,40}$/)
    .optional(),
  namespace: objectName.optional(),
  name: objectName.optional(),
  /** Who asked, by Slack id; about incidents: who decided. */
  by: z
    .string()
    .regex(/^[UW][A-Z0-9]{1,30}$/)
    .optional(),
  /** ms since the epoch: nothing that ended before; of what is open, nothing that was asked before. */
  since: z.number().int().nonnegative().optional(),
  outcome: z.enum(OUTCOMES).optional(),
});
export type HistoryFilter = z.infer<typeof HistoryFilter>;

export interface Subject {
  kind?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
}

/** Whether the filter asks where or with what something happened. */
export function asksForSubject({ kind, namespace, name }: HistoryFilter): boolean {
  return (kind ?? namespace ?? name) !== undefined;
}

/** A workload's pods, which carry its name before theirs, count as its own. */
export function fitsSubject(filter: HistoryFilter, { kind, namespace, name = '' }: Subject): boolean {
  if (filter.namespace !== undefined && filter.namespace !== namespace) return false;
  const isPodOf = kind === 'Pod' && filter.kind !== 'Pod';
  if (filter.kind !== undefined && filter.kind !== kind && !isPodOf) return false;
  if (filter.name === undefined) return filter.kind === undefined || filter.kind === kind;
  return filter.name === name || (isPodOf && name.startsWith(`${filter.name}-`));
}

export function fitsRequest(
  { about, by, outcome }: HistoryFilter,
  row: { action: string; effect: string; requester: string; state: State },
): boolean {
  if (about !== undefined && about !== row.action && !(about === ABOUT.changes && row.effect === 'change'))
    return false;
  if (by !== undefined && by !== row.requester) return false;
  return outcome === undefined || (STATES_OF[outcome] as readonly State[]).includes(row.state);
}

export function fitsIncident({ about, by, outcome }: HistoryFilter, user: string): boolean {
  return outcome === undefined && (about ?? ABOUT.incidents) === ABOUT.incidents && (by === undefined || by === user);
}
