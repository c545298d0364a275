/**
 * The errors that opsbot raises on purpose. Each message says what happened, each `advice` what to do next;
 * both are shown to people, so neither ever carries a raw response body, a token or a stack.
 * They are translated to Slack (or to an exit code) only at the edges.
 */
export type ErrorKind = 'input' | 'not-allowed' | 'not-found' | 'conflict' | 'unavailable' | 'internal';

/** An error as plain data: what crosses a queue. `field` names the input field that is at fault. */
export interface ErrorReport {
  kind: ErrorKind;
  message: string;
  advice?: string | undefined;
  field?: string | undefined;
}

interface Details {
  advice?: string | undefined;
  field?: string | undefined;
  cause?: unknown;
}

export abstract class DomainError extends Error {
  abstract readonly kind: Exclude<ErrorKind, 'internal'>;
  readonly advice: string | undefined;
  readonly field: string | undefined;

  constructor(message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.name = new.target.name;
    this.advice = details.advice;
    this.field = details.field;
  }
}

/** What was asked for is malformed or impossible. */
export class InputError extends DomainError {
  readonly kind = 'input';
}
/** The person, or opsbot itself, has no right to do this. */
export class NotAllowedError extends DomainError {
  readonly kind = 'not-allowed';
}
/** The workload, pod, container, request, … does not exist. */
export class NotFoundError extends DomainError {
  readonly kind = 'not-found';
}
/** The cluster or the request is no longer as it was when this was decided. */
export class ConflictError extends DomainError {
  readonly kind = 'conflict';
}
/** Redis, Slack or the cluster does not answer; trying again later may help. */
export class UnavailableError extends DomainError {
  readonly kind = 'unavailable';
}

/** Any thrown value → what may be shown. An unexpected error is reported without its text: the log has that. */
export function toReport(error: unknown): ErrorReport {
  if (error instanceof DomainError) {
    return { kind: error.kind, message: error.message, advice: error.advice, field: error.field };
  }
  return {
    kind: 'internal',
    message: 'Something went wrong inside opsbot.',
    advice: 'Try again; if it happens again, look into the opsbot log.',
  };
}
