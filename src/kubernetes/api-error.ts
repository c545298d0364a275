import {
  ConflictError,
  type DomainError,
  InputError,
  NotAllowedError,
  NotFoundError,
  UnavailableError,
} from '../errors.ts';
import type { ResourceTarget } from './resources.ts';

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch';

/** What was asked of the API server, for the words of an error. */
export interface Question extends ResourceTarget {
  verb: Verb;
}

/** The body of an error, as far as it is one of the API server's own. */
export interface ApiStatus {
  message?: string | undefined;
  reason?: string | undefined;
  code?: number | undefined;
}

/** 410: that resourceVersion or continue token is no longer known. List again. */
export class GoneError extends UnavailableError {}

/** 429, or 503 with a Retry-After. */
export class BusyError extends UnavailableError {
  readonly retryAfterMs: number;
  constructor(message: string, retryAfterMs: number) {
    super(message, { advice: 'Try again in a moment.' });
    this.retryAfterMs = retryAfterMs;
  }
}

const SANE_LENGTH = 300;

/** An answer that is not 2xx, in the domain's words. Of the body only the API server's own message is ever used. */
export function errorOf(question: Question, code: number, status: ApiStatus, retryAfterMs = 0): DomainError {
  const words = shorten(status.message);
  const cause = words === undefined ? undefined : new Error(words);
  switch (code) {
    case 401:
      return new UnavailableError('The cluster does not accept opsbot’s credentials.', {
        advice: 'Check the token or certificate in the kubeconfig, or the pod’s service account.',
        cause,
      });
    case 403:
      return forbidden(question, words);
    case 404:
      return new NotFoundError(missing(question), { cause });
    case 409:
      return new ConflictError(`${nameOf(question)} was changed by somebody else at the same time.`, {
        advice: 'Look at it again, then ask anew.',
        cause,
      });
    case 410:
      return new GoneError('The API server no longer has that version of the list.', { cause });
    case 400:
    case 405:
    case 406:
    case 413:
    case 415:
    case 422:
      return new InputError(words ?? `The cluster refuses to ${sentence(question)}.`);
    default:
      if (code === 429 || retryAfterMs > 0) return new BusyError('The cluster’s API server is too busy.', retryAfterMs);
      return new UnavailableError(`The cluster could not ${sentence(question)} (HTTP ${code}).`, {
        advice: 'Try again in a moment; if it goes on, look into the opsbot log.',
        cause,
      });
  }
}

/** No answer at all. `failure` goes to the log only. */
export function unreachable(question: Question, failure: unknown): UnavailableError {
  return new UnavailableError(`The cluster does not answer: opsbot could not ${sentence(question)}.`, {
    advice: 'Try again; if it goes on, check the API server’s address in the kubeconfig and the network.',
    cause: failure,
  });
}

/** A 403 of an admission webhook or a quota is not about opsbot's rights: there the reason is what counts. */
function forbidden(question: Question, words: string | undefined): NotAllowedError {
  const isChange = ['create', 'update', 'patch'].includes(question.verb);
  if (isChange && words !== undefined && !/ cannot \w+ resource /.test(words)) {
    return new NotAllowedError(`The cluster refuses it: ${words}`);
  }
  const { type, subresource, namespace, verb } = question;
  const resource = subresource === undefined ? type.resource : `${type.resource}/${subresource}`;
  const where = namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`;
  return new NotAllowedError(`opsbot may not ${verb} ${resource} ${where}.`, {
    advice: `Its account needs the verb “${verb}” on “${resource}” in API group “${type.group}”.`,
    cause: words === undefined ? undefined : new Error(words),
  });
}

function missing(question: Question): string {
  if (question.name === undefined)
    return `The cluster has no ${question.type.resource} of ${question.type.group || 'core'}/${question.type.version}.`;
  const where = question.type.namespaced ? ` in namespace ${question.namespace}` : '';
  return `There is no ${question.type.kind} ${question.name}${where}.`;
}

function nameOf({ type, namespace, name }: Question): string {
  return namespace === undefined ? `${type.kind} ${name}` : `${type.kind} ${namespace}/${name}`;
}

function sentence({ verb, type, subresource, namespace, name }: Question): string {
  const what = subresource === undefined ? type.resource : `${type.resource}/${subresource}`;
  const which = name === undefined ? '' : ` ${name}`;
  return `${verb} ${what}${which}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
}

function shorten(message: string | undefined): string | undefined {
  const text = message?.replace(/\s+/g, ' ').trim();
  if (!text) return undefined;
  return text.length <= SANE_LENGTH ? text : `${text.slice(0, SANE_LENGTH - 1)}…`;
}
