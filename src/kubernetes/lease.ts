import { randomUUID } from 'node:crypto';
import { ConflictError, NotFoundError } from '../errors.ts';
import { type Clock, pause, systemClock } from './clock.ts';
import { judgeLease, type LeaseRecord, microTime, type Observation } from './lease-record.ts';
import { type Logger, silentLogger } from './logger.ts';
import { LEASES } from './resources.ts';
import type { Rest } from './rest.ts';

export interface LeaseOptions {
  rest: Pick<Rest, 'json'>;
  namespace: string;
  name: string;
  /** For people who look at the Lease, e.g. the pod's name. What is unique is added. */
  identity: string;
  /** Others wait for so long after the last change they saw. */
  durationMs?: number | undefined;
  /** The holder gives up where it could not renew for so long. Below the duration, so that two never hold it. */
  renewDeadlineMs?: number | undefined;
  retryMs?: number | undefined;
  /**
   * One more than all transitions that were ever seen; asked where the Lease changes hands. Those of a new holder are not
   * below it, so that they never go back although somebody deleted the Lease, or a backup of the cluster was restored.
   * Default: minutes since the epoch.
   */
  firstTransitions?: (() => Promise<number>) | undefined;
  clock?: Clock | undefined;
  logger?: Logger | undefined;
}

export interface Lease {
  /**
   * Defined while this process holds the Lease; asked anew before each use. `transitions` grows with each change of
   * hands: what carries a lower number than the latest comes from a deposed holder.
   */
  holder(): { transitions: number } | undefined;
  /** Tries to get and keep it until the signal aborts, then releases it. Never rejects. To be called once. */
  run(signal: AbortSignal): Promise<void>;
  /** Calls back when this process has got or lost the Lease. */
  onChange(listener: () => void): () => void;
}

interface RawLease {
  metadata: { resourceVersion?: string; [key: string]: unknown };
  spec?: LeaseRecord | null;
}

/**
 * One of several processes holds a Kubernetes Lease. Expiry is judged by this process's own monotonic clock since it last
 * saw the Lease change, never by the times written in it: the clocks of two machines are not compared.
 */
export function createLease(options: LeaseOptions): Lease {
  const { rest, namespace, name, durationMs = 10_000, renewDeadlineMs = 6_000, retryMs = 2_000 } = options;
  const { clock = systemClock, logger = silentLogger } = options;
  const { firstTransitions = async () => Math.floor(clock.now() / 60_000) } = options;
  const identity = `${options.identity}_${randomUUID()}`;
  const listeners = new Set<() => void>();
  let held: { transitions: number; renewedAt: number } | undefined;
  let observed: Observation | undefined;
  let cancelExpiry = () => {};
  let lastFailure: string | undefined;

  const holder = () =>
    held && clock.monotonic() - held.renewedAt < renewDeadlineMs ? { transitions: held.transitions } : undefined;

  function setHeld(next: typeof held): void {
    const changed = held?.transitions !== next?.transitions;
    held = next;
    cancelExpiry();
    // The renewal may hang; the deadline does not wait for it.
    cancelExpiry = next
      ? clock.after(Math.max(0, next.renewedAt + renewDeadlineMs - clock.monotonic()), lose)
      : () => {};
    if (!changed) return;
    logger.info({ lease: name, transitions: next?.transitions }, next ? 'holds the lease' : 'does not hold the lease');
    for (const listener of listeners) {
      try {
        listener();
      } catch (err) {
        logger.error({ err }, 'a listener of the lease failed');
      }
    }
  }
  const lose = () => setHeld(undefined);

  /** A renewal needs no more than the API server. `isOwn`: the Lease names this process, which may have lost it since. */
  async function withoutGoingBack(transitions: number, isOwn: boolean): Promise<number> {
    if (transitions === held?.transitions) return transitions;
    const first = await firstTransitions();
    return transitions < (isOwn ? first - 1 : first) ? first : transitions;
  }

  const call = { type: LEASES, namespace, timeoutMs: retryMs };

  async function read(signal?: AbortSignal): Promise<RawLease | undefined> {
    try {
      return await rest.json<RawLease>({ ...call, verb: 'get', name, signal });
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  async function write(lease: RawLease | undefined, spec: LeaseRecord, signal?: AbortSignal): Promise<void> {
    const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: lease?.metadata ?? { name }, spec };
    if (lease) await rest.json({ ...call, verb: 'update', name, body, signal });
    else await rest.json({ ...call, verb: 'create', body, signal });
  }

  /** One look, and where it is due the claim or renewal. Gives the ms after which another's Lease counts as expired. */
  async function attempt(signal: AbortSignal): Promise<number | undefined> {
    const startedAt = clock.monotonic();
    const lease = await read(signal);
    const record = lease?.spec ?? {};
    const verdict = judgeLease({
      record,
      observed,
      identity,
      durationMs,
      monotonic: clock.monotonic(),
      now: clock.now(),
    });
    observed = verdict.observed;
    if (verdict.claim === undefined) {
      lose();
      return verdict.expiresInMs;
    }
    const isOwn = record.holderIdentity === identity;
    const transitions = await withoutGoingBack(verdict.claim.leaseTransitions, isOwn);
    await write(lease, { ...verdict.claim, leaseTransitions: transitions }, signal);
    // From before the request: others count from when they see it, which is later.
    setHeld({ transitions, renewedAt: startedAt });
    return undefined;
  }

  async function release(): Promise<void> {
    const wasHolder = held !== undefined;
    lose();
    if (!wasHolder) return;
    const lease = await read();
    if (lease?.spec?.holderIdentity !== identity) return;
    await write(lease, {
      ...lease.spec,
      holderIdentity: '',
      leaseDurationSeconds: 1,
      renewTime: microTime(clock.now()),
    });
  }

  async function logged<T>(step: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
    try {
      const result = await step();
      lastFailure = undefined;
      return result;
    } catch (err) {
      if (signal?.aborted) return undefined;
      // A conflict means that somebody else was faster: that is how it is meant to be.
      const message = err instanceof Error ? err.message : String(err);
      if (err instanceof ConflictError || message === lastFailure) return undefined;
      lastFailure = message;
      logger.warn({ err, lease: name }, 'the lease could not be read or written');
      return undefined;
    }
  }

  return {
    holder,
    async run(signal) {
      while (!signal.aborted) {
        const expiresInMs = await logged(() => attempt(signal), signal);
        const nextLookMs = retryMs * (1 + clock.random() / 5);
        // Not a whole look late: a cluster that nobody reports of is one that nobody hears of.
        await pause(clock, Math.min(nextLookMs, expiresInMs ?? nextLookMs), signal);
      }
      await logged(release);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
