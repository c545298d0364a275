import { qualified, type Resource } from './resources.ts';

type Named = Pick<Resource, 'plural' | 'group'>;

/** The API server's answer to a request that it refuses. */
export interface StatusBody {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: { continue?: string };
  status: 'Failure';
  message: string;
  reason?: string;
  details?: Record<string, unknown>;
  code: number;
}

/** Thrown by whatever serves a request; the server sends its body. */
export class StatusError extends Error {
  readonly body: StatusBody;

  constructor(code: number, reason: string | undefined, message: string, details?: Record<string, unknown>) {
    super(message);
    this.name = 'StatusError';
    const known = { ...(reason === undefined ? {} : { reason }), ...(details === undefined ? {} : { details }) };
    this.body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, ...known, code };
  }
}

const detailsOf = (resource: Named, name: string) => ({
  ...(name === '' ? {} : { name }),
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.plural,
});
const quoted = (resource: Named, name: string) => `${qualified(resource)}${name === '' ? '' : ` "${name}"`}`;

export const notFound = (resource: Named, name: string) =>
  new StatusError(404, 'NotFound', `${quoted(resource, name)} not found`, detailsOf(resource, name));

export const noSuchPath = () =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});

export const methodNotAllowed = () =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});

export const alreadyExists = (resource: Named, name: string) =>
  new StatusError(409, 'AlreadyExists', `${quoted(resource, name)} already exists`, detailsOf(resource, name));

export const conflict = (
  resource: Named,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
) =>
  new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${quoted(resource, name)}: ${why}`,
    detailsOf(resource, name),
  );

export const badRequest = (message: string) => new StatusError(400, 'BadRequest', message);

export const unauthorized = () => new StatusError(401, 'Unauthorized', 'Unauthorized');

export const unsupportedMediaType = (accepted: string) =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
    {},
  );

/** A JSON Patch that does not apply, for instance because its `test` failed: the real server does not say which. */
export const patchRefused = () =>
  new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

/** `kind` and `group` name the object's type the way the API server does: Deployment.apps. */
export function invalid(type: { kind: string; group: string }, name: string, field: string, problem: string) {
  const typeName = type.group === '' ? type.kind : `${type.kind}.${type.group}`;
  return new StatusError(422, 'Invalid', `${typeName} "${name}" is invalid: ${field}: ${problem}`, {
    name,
    ...(type.group === '' ? {} : { group: type.group }),
    kind: type.kind,
    causes: [{ reason: 'FieldValueInvalid', message: problem, field }],
  });
}

export const tooOldResourceVersion = (asked: number, oldest: number) =>
  new StatusError(410, 'Expired', `too old resource version: ${asked} (${oldest})`);

/** The answer to a list from the watch cache, after it has waited for that version in vain. */
export const tooLargeResourceVersion = (asked: number, current: number) =>
  new StatusError(504, 'Timeout', `Timeout: Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

/** The answer to a page, which etcd itself is asked for. */
export const futureRevision = () =>
  new StatusError(500, undefined, 'etcdserver: mvcc: required revision is a future revision');

export const expiredContinue = () =>
  new StatusError(
    410,
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.',
  );

export function forbidden(resource: Named, name: string, user: string, what: string) {
  return new StatusError(
    403,
    'Forbidden',
    `${quoted(resource, name)} is forbidden: User "${user}" ${what}`,
    detailsOf(resource, name),
  );
}
