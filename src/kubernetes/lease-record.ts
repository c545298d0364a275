/** `spec` of a Lease. */
export interface LeaseRecord {
  holderIdentity?: string | undefined;
  leaseDurationSeconds?: number | undefined;
  acquireTime?: string | undefined;
  renewTime?: string | undefined;
  leaseTransitions?: number | undefined;
}

/** What a Lease said, and when (monotonic ms) this process first saw it say that. */
export interface Observation {
  content: string;
  at: number;
}

export interface LeaseQuestion {
  record: LeaseRecord;
  observed: Observation | undefined;
  identity: string;
  durationMs: number;
  monotonic: number;
  /** Wall clock, only for what people read in the Lease. */
  now: number;
}

export interface LeaseVerdict {
  observed: Observation;
  /** What to write; undefined: somebody else holds it. */
  claim: (LeaseRecord & { leaseTransitions: number }) | undefined;
  /** ms until the other's counts as expired, unless it changes; undefined where there is a claim. */
  expiresInMs?: number;
}

/** Whether to claim or renew the Lease. Another's counts as expired once it has not changed for its duration. */
export function judgeLease({ record, observed, identity, durationMs, monotonic, now }: LeaseQuestion): LeaseVerdict {
  const time = microTime(now);
  const claimed = { holderIdentity: identity, leaseDurationSeconds: Math.ceil(durationMs / 1000), renewTime: time };
  const content = JSON.stringify([record.holderIdentity, record.renewTime, record.leaseTransitions]);
  const seen = observed?.content === content ? observed : { content, at: monotonic };
  const transitions = record.leaseTransitions ?? 0;
  if (record.holderIdentity === identity) {
    const acquireTime = record.acquireTime ?? time;
    return { observed: seen, claim: { ...claimed, acquireTime, leaseTransitions: transitions } };
  }
  const itsDurationMs = Math.max(durationMs, 1000 * (record.leaseDurationSeconds ?? 0));
  const expiresInMs = seen.at + itsDurationMs - monotonic;
  if (record.holderIdentity && expiresInMs > 0) return { observed: seen, claim: undefined, expiresInMs };
  return { observed: seen, claim: { ...claimed, acquireTime: time, leaseTransitions: transitions + 1 } };
}

/** Kubernetes' MicroTime. */
export function microTime(now: number): string {
  return new Date(now).toISOString().replace('Z', '000Z');
}
