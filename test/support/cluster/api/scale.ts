import type { Resource } from '../resources.ts';
import { conflict, invalid } from '../status-error.ts';
import type { Json, KubeObject } from '../types.ts';
import { selectorText } from './selectors.ts';
import { validateReplicas } from './validate.ts';

const SCALE = { kind: 'Scale', group: 'autoscaling' };

/** The scale subresource as the API server shows it: a 0 is left out, and annotations do not exist here. */
export function scaleOf({ metadata, spec, status }: KubeObject): Json {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: spec.replicas > 0 ? { replicas: spec.replicas } : {},
    status: { replicas: status?.replicas ?? 0, selector: selectorText(spec.selector) },
  };
}

/** The workload that a written Scale asks for. */
export function applyScale(resource: Resource, object: KubeObject, scale: Json): KubeObject {
  const { name, resourceVersion, uid } = object.metadata;
  validateReplicas(SCALE, name, scale.spec?.replicas);
  const given = scale.metadata?.resourceVersion;
  if (given && given !== resourceVersion) throw conflict(resource, name);
  if (scale.metadata?.uid && scale.metadata.uid !== uid) {
    throw invalid(SCALE, name, 'metadata.uid', `Invalid value: "${scale.metadata.uid}": field is immutable`);
  }
  return { ...object, spec: { ...object.spec, replicas: scale.spec?.replicas ?? 0 } };
}
