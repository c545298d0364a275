import type { Logger } from 'pino';
import { NotAllowedError } from './errors.ts';
import { type Clock, systemClock } from './kubernetes/clock.ts';
import type { CallOptions } from './kubernetes/cluster.ts';
import { namespaceScope } from './kubernetes/namespace-scope.ts';
import type { Shortfall } from './kubernetes/snapshot-reader.ts';
import { backoff, WATCH_TIMINGS } from './kubernetes/watch-timings.ts';
import { type Right, type RightsQuestion, rightsOf } from './rights.ts';
import { logReview } from './rights-review-log.ts';
import { type Can, findMissing } from './rights-review-questions.ts';
import { createRounds } from './rights-review-rounds.ts';
import { type Lack, lacksOf, rbacLine, shortfallSentence } from './rights-review-words.ts';

export interface RightsReviewOptions {
  question: RightsQuestion;
  can: Can;
  /** Told what does not work after the first review, and after each that finds a change. */
  onChange(shortfalls: readonly Shortfall[]): void;
  logger: Logger;
  clock?: Clock | undefined;
}

export interface RightsReview {
  /**
   * NotAllowedError where the action lacks a right in the namespace; without a namespace where it does so in each that the
   * configuration names (of those of a pattern only planning tells). What was missing is asked for anew first, so that
   * nobody is refused for want of what has just been granted. UnavailableError.
   */
  requireRights(action: string, namespace: string | undefined, options?: CallOptions): Promise<void>;
  /** The cluster has forbidden something: rights are looked at again. */
  suspect(): void;
  /** Reviews all rights, again and again, until the signal aborts. Never rejects. To be called once. */
  run(signal: AbortSignal): Promise<void>;
}

/** When all rights are looked at again, in ms: a missing one may be granted, and one that is there be taken away. */
const AFTER = { allThere: 600_000, someMissing: 120_000 } as const;

/**
 * Asks for each right that the configuration needs, one by one, and says what does not work without those that are missing.
 * SelfSubjectRulesReview would take one question, but its answer may be incomplete.
 */
export function createRightsReview(options: RightsReviewOptions): RightsReview {
  const { question, can, onChange, logger, clock = systemClock } = options;
  const rights = rightsOf(question);
  const { named } = namespaceScope(question.namespaces);
  const rounds = createRounds(review, clock);
  let missing: readonly Right[] = [];
  let lacks: readonly Lack[] | undefined;
  let failure: string | undefined;
  let failures = 0;

  function settle(next: readonly Right[]): void {
    const before = lacks;
    missing = next;
    lacks = lacksOf(next, question);
    if (!logReview(logger, before, lacks, rbacLine(question))) return;
    // That the picture has gaps is a problem of the snapshot itself, which says so.
    onChange(lacks.filter(({ part }) => part !== 'picture').map(({ shortfall }) => shortfall));
  }

  /** ms until the next review. */
  async function review(signal: AbortSignal): Promise<number> {
    try {
      settle(await findMissing(rights, can, signal));
      failure = undefined;
      failures = 0;
      return missing.length > 0 ? AFTER.someMissing : AFTER.allThere;
    } catch (error) {
      return signal.aborted ? 0 : unanswered(error);
    }
  }

  function unanswered(err: unknown): number {
    const isForbidden = err instanceof NotAllowedError;
    const message = err instanceof Error ? err.message : String(err);
    const then = isForbidden ? 'what is missing shows only when it is needed' : 'it goes on asking';
    if (message !== failure) logger.warn({ err }, `opsbot could not ask which rights it has; ${then}`);
    failure = message;
    failures += 1;
    // Each round begins with the first question: without a pause that grows a busy API server would be asked for ever.
    return isForbidden ? AFTER.allThere : backoff(WATCH_TIMINGS, clock, failures, err);
  }

  function lackingIn(action: string, place: string | undefined): Right[] {
    return missing.filter(({ access, actions }) => actions.includes(action) && access.namespace === place);
  }

  /** Without a namespace only what is missing in each counts: the action may be meant for any. */
  function lacking(action: string, namespace: string | undefined): Right[] {
    if (!named) return lackingIn(action, undefined);
    if (namespace !== undefined) return lackingIn(action, namespace);
    const each = named.map((place) => lackingIn(action, place));
    return each.every(({ length }) => length > 0) ? each.flat() : [];
  }

  /** A pattern makes opsbot ask for the whole cluster; but a Role of the one namespace may grant what is missing there. */
  async function isGrantedIn(
    place: string | undefined,
    left: readonly Right[],
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (named) return false;
    if (place === undefined) return true;
    const there = left.map((right) => ({ ...right, access: { ...right.access, namespace: place } }));
    return (await findMissing(there, can, signal)).length === 0;
  }

  return {
    async requireRights(action, namespace, { signal } = {}) {
      const known = lacking(action, namespace);
      if (known.length === 0) return;
      const still = await findMissing(known, can, signal);
      if (still.length < known.length) {
        settle(missing.filter((right) => still.includes(right) || !known.includes(right)));
        // Probably not only these were granted.
        rounds.hurry();
      }
      const left = lacking(action, namespace);
      if (left.length > 0 && !(await isGrantedIn(namespace, left, signal))) throw refusal(action, namespace);
    },
    suspect: rounds.hurry,
    run: rounds.run,
  };

  function refusal(action: string, namespace: string | undefined): NotAllowedError {
    const isAbout = ({ shortfall }: Lack) => {
      const { namespaces } = shortfall;
      return shortfall.action === action && (!namespaces || namespace === undefined || namespaces.includes(namespace));
    };
    const shortfall = lacks?.find(isAbout)?.shortfall;
    if (!shortfall) throw new Error(`${action} lacks a right and yet nothing is said of it`);
    return new NotAllowedError(shortfallSentence(shortfall), { advice: shortfall.advice });
  }
}
