import { randomBytes, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { apiVersionOf, type Resource, resourceOf } from '../resources.ts';
import { type Scheduler, timestamp } from '../scheduler.ts';
import { alreadyExists, conflict, invalid, notFound } from '../status-error.ts';
import type { Store } from '../store.ts';
import type { Json, KubeObject, Manifest } from '../types.ts';
import { withDefaults, withoutEmptyMaps } from './defaults.ts';
import { validate, validateUpdate } from './validate.ts';

export interface DeleteOptions {
  gracePeriodSeconds?: number;
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  preconditions?: { uid?: string; resourceVersion?: string };
}

/** Writes as the API server understands them, for its handlers and for the controllers alike. */
export type Objects = ReturnType<typeof createObjects>;

const SUFFIX = 'bcdfghjklmnpqrstvwxz2456789';
const randomSuffix = () => [...randomBytes(5)].map((byte) => SUFFIX[byte % SUFFIX.length]).join('');

const initialStatus = (kind: string): Json => {
  if (kind === 'Pod') return { phase: 'Pending', qosClass: 'BestEffort' };
  return kind === 'Namespace' ? { phase: 'Active' } : {};
};

function nextGeneration(resource: Resource, before: KubeObject, after: KubeObject): { generation?: number } {
  if (resource.generation === 'none') return {};
  const generation = before.metadata.generation ?? 1;
  const wantsMore =
    !isDeepStrictEqual(before.spec, after.spec) ||
    (resource.generation === 'spec or annotations' &&
      !isDeepStrictEqual(before.metadata.annotations ?? {}, after.metadata.annotations ?? {}));
  return { generation: wantsMore ? generation + 1 : generation };
}

export function createObjects(store: Store, scheduler: Scheduler) {
  const now = () => timestamp(scheduler.now());

  const mustGet = (resource: Resource, namespace: string | undefined, name: string): KubeObject => {
    const found = store.get(resource.plural, namespace, name);
    if (found === undefined) throw notFound(resource, name);
    return found;
  };

  const create = (resource: Resource, namespace: string | undefined, manifest: Manifest): KubeObject => {
    if (namespace !== undefined) mustGet(resourceOf('namespaces'), undefined, namespace);
    const { generateName } = manifest.metadata;
    const name = manifest.metadata.name ?? (generateName === undefined ? '' : `${generateName}${randomSuffix()}`);
    if (name === '') throw invalid(resource, '', 'metadata.name', 'Required value: name or generateName is required');
    const { status: _status, ...rest } = manifest;
    const object = withDefaults({
      ...rest,
      apiVersion: apiVersionOf(resource),
      kind: resource.kind,
      metadata: withoutEmptyMaps({
        ...manifest.metadata,
        name,
        ...(namespace === undefined ? {} : { namespace }),
        uid: randomUUID(),
        resourceVersion: '',
        creationTimestamp: now(),
        ...(resource.generation === 'none' ? {} : { generation: 1 }),
      }),
      ...(resource.status ? { status: initialStatus(resource.kind) } : {}),
    });
    validate(object);
    if (store.get(resource.plural, namespace, name)) throw alreadyExists(resource, name);
    return store.put(resource.plural, object);
  };

  const checkVersion = (resource: Resource, before: KubeObject, after: KubeObject) => {
    const { name, resourceVersion } = before.metadata;
    const given = after.metadata.resourceVersion;
    if (resource.plural === 'leases' && !given) {
      throw invalid(resource, name, 'metadata.resourceVersion', 'Invalid value: 0x0: must be specified for an update');
    }
    if (given && given !== resourceVersion) throw conflict(resource, name);
  };

  /** Spec and metadata; what the status says is kept. The 409 where `next` carries another resourceVersion. */
  const update = (resource: Resource, before: KubeObject, next: KubeObject): KubeObject => {
    validateUpdate(before, next);
    checkVersion(resource, before, next);
    const { deletionTimestamp, deletionGracePeriodSeconds, ...kept } = before.metadata;
    const { namespace, uid, creationTimestamp, resourceVersion } = kept;
    const fixed = { ...(namespace === undefined ? {} : { namespace }), uid, creationTimestamp, resourceVersion };
    const deletion = deletionTimestamp === undefined ? {} : { deletionTimestamp, deletionGracePeriodSeconds };
    const after = withDefaults({
      ...next,
      apiVersion: before.apiVersion,
      kind: before.kind,
      metadata: withoutEmptyMaps({ ...next.metadata, ...fixed, ...deletion }),
      ...(resource.status ? { status: before.status } : {}),
    });
    const metadata = { ...after.metadata, ...nextGeneration(resource, before, after) };
    const object = { ...after, metadata };
    validate(object);
    return store.put(resource.plural, object);
  };

  /** The status; spec and labels are kept. Annotations are taken along, which raises no generation here. */
  const updateStatus = (resource: Resource, before: KubeObject, next: KubeObject): KubeObject => {
    checkVersion(resource, before, next);
    const annotations = next.metadata.annotations;
    const metadata = { ...before.metadata, ...(annotations === undefined ? {} : { annotations }) };
    return store.put(resource.plural, { ...before, metadata, status: next.status });
  };

  const orphan = (uid: string) => {
    for (const plural of ['replicasets', 'jobs', 'pods']) {
      for (const child of store.ownedBy(uid, plural)) {
        const ownerReferences = child.metadata.ownerReferences?.filter((owner) => owner.uid !== uid);
        store.put(plural, { ...child, metadata: { ...child.metadata, ownerReferences } as KubeObject['metadata'] });
      }
    }
  };

  const checkPreconditions = (resource: Resource, { metadata }: KubeObject, { uid, resourceVersion }: Json) => {
    if (uid !== undefined && uid !== metadata.uid) {
      const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`;
      throw conflict(resource, metadata.name, why);
    }
    if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
      const why = `Precondition failed: ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${metadata.resourceVersion}`;
      throw conflict(resource, metadata.name, why);
    }
  };

  /**
   * A pod on a node is only marked: its kubelet finishes it. Anything else is gone at once.
   * Foreground deletion is treated as background deletion.
   */
  const remove = (resource: Resource, before: KubeObject, options: DeleteOptions = {}): KubeObject => {
    checkPreconditions(resource, before, options.preconditions ?? {});
    const { namespace, name, uid } = before.metadata;
    const grace = options.gracePeriodSeconds ?? before.spec?.terminationGracePeriodSeconds ?? 0;
    if (resource.plural === 'pods' && before.spec?.nodeName && grace > 0) {
      const marked = {
        deletionTimestamp: timestamp(scheduler.now() + grace * 1000),
        deletionGracePeriodSeconds: grace,
      };
      if (before.metadata.deletionTimestamp !== undefined) return before;
      return store.put('pods', { ...before, metadata: { ...before.metadata, ...marked } });
    }
    // batch/v1 has kept the default of its first days.
    const byDefault = resource.plural === 'jobs' ? 'Orphan' : 'Background';
    if ((options.propagationPolicy ?? byDefault) === 'Orphan') orphan(uid);
    return store.remove(resource.plural, namespace, name) ?? before;
  };

  return { mustGet, create, update, updateStatus, remove };
}
