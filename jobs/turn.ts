import type { Severity } from '../src/incidents/finding.ts';
import type { Incident } from '../src/incidents/incident.ts';

/**
 * In which order a channel gets what it has not been shown: a storm's summary, then incidents that nobody has heard of,
 * the gravest and then the oldest first, then what else has changed, in the order in which it did. As one number, for a
 * sorted set.
 */
const RANK: Readonly<Record<Severity, number>> = { critical: 1, warning: 2, info: 3 };
const LATER = 4;
/** More ms than there will be: the class counts first. */
const CLASS = 1e13;

export const turnOfStorm = (now: number): number => now;

export const turnOfNew = ({ severity, since }: Pick<Incident, 'severity' | 'since'>): number =>
  RANK[severity] * CLASS + since;

export const turnOfChanged = (now: number): number => LATER * CLASS + now;
