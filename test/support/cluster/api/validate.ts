import { isDeepStrictEqual } from 'node:util';
import { type Resource, resourceOfKind } from '../resources.ts';
import { invalid, StatusError } from '../status-error.ts';
import type { Json, KubeObject } from '../types.ts';
import { selects } from './selectors.ts';

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const MAX_INT32 = 2 ** 31 - 1;
const IMMUTABLE = 'field is immutable';

const shown = (value: Json) => (typeof value === 'string' ? `"${value}"` : JSON.stringify(value));

/** The number itself, checked before the type of the object is known to be right. */
export function validateReplicas(type: { kind: string; group: string }, name: string, replicas: Json): void {
  if (replicas === undefined || replicas === null) return;
  if (!Number.isInteger(replicas) || replicas > MAX_INT32) {
    throw invalid(type, name, 'patch', `Invalid value: ${shown(replicas)}: spec.replicas is no 32-bit integer`);
  }
  if (replicas < 0) {
    throw invalid(type, name, 'spec.replicas', `Invalid value: ${replicas}: must be greater than or equal to 0`);
  }
}

function validateWorkload(resource: Resource, { metadata, spec }: KubeObject): void {
  const fail = (field: string, problem: string) => {
    throw invalid(resource, metadata.name, field, problem);
  };
  if (spec?.selector === undefined) fail('spec.selector', 'Required value');
  if (!(spec.template?.spec?.containers?.length > 0)) fail('spec.template.spec.containers', 'Required value');
  const labels = spec.template.metadata?.labels;
  if (!selects(spec.selector, labels)) {
    const problem = `Invalid value: ${JSON.stringify(labels)}: \`selector\` does not match template \`labels\``;
    fail('spec.template.metadata.labels', problem);
  }
}

/** Of an Event without an `eventTime`, as core/v1 takes it. */
function validateEvent(resource: Resource, { metadata, involvedObject }: KubeObject): void {
  const about = involvedObject?.namespace ?? '';
  if (about === metadata.namespace || (about === '' && metadata.namespace === 'default')) return;
  const problem = `Invalid value: ${shown(about)}: does not match event.namespace`;
  throw invalid(resource, metadata.name, 'involvedObject.namespace', problem);
}

/** What the API server checks of the fields that the tests touch. Throws its 422. */
export function validate(object: KubeObject): void {
  const resource = resourceOfKind(object.kind);
  const { name } = object.metadata;
  if (!NAME.test(name)) {
    throw invalid(resource, name, 'metadata.name', `Invalid value: "${name}": a lowercase RFC 1123 subdomain must …`);
  }
  validateReplicas(resource, name, object.spec?.replicas);
  if (resource.group === 'apps') validateWorkload(resource, object);
  if (resource.kind === 'Event' && !object.eventTime) validateEvent(resource, object);
}

export function validateUpdate(before: KubeObject, after: KubeObject): void {
  const resource = resourceOfKind(after.kind);
  const { name } = before.metadata;
  if (after.metadata.name !== name) {
    const problem = `the name of the object (${after.metadata.name}) does not match the name on the URL (${name})`;
    throw new StatusError(400, 'BadRequest', problem);
  }
  if (after.metadata.uid !== undefined && after.metadata.uid !== before.metadata.uid) {
    throw invalid(resource, name, 'metadata.uid', `Invalid value: ${shown(after.metadata.uid)}: ${IMMUTABLE}`);
  }
  if (resource.group === 'apps' && !isDeepStrictEqual(before.spec.selector, after.spec?.selector)) {
    throw invalid(resource, name, 'spec.selector', `Invalid value: ${shown(after.spec?.selector)}: ${IMMUTABLE}`);
  }
}
