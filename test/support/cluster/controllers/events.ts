import { randomBytes, randomUUID } from 'node:crypto';
import { type Scheduler, timestamp } from '../scheduler.ts';
import type { Store } from '../store.ts';
import type { KubeObject } from '../types.ts';

export interface EventText {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

export type EventRecorder = (about: KubeObject, event: EventText) => void;

/** The Event that tells of something about an object, as it is sent to the API server. */
export function eventManifest(about: KubeObject, { type, reason, message }: EventText, now: number) {
  const { namespace = 'default', name, uid, resourceVersion } = about.metadata;
  const involvedObject = { kind: about.kind, apiVersion: about.apiVersion, namespace, name, uid, resourceVersion };
  const at = timestamp(now);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${randomBytes(8).toString('hex')}`, namespace },
    involvedObject,
    type,
    reason,
    message,
    count: 1,
    firstTimestamp: at,
    lastTimestamp: at,
    source: { component: 'test-support' },
  };
}

const KEPT = 2_000;

/** Writes events; the same words about the same object are counted up instead of being written again. */
export function createEventRecorder(store: Store, scheduler: Scheduler): EventRecorder {
  const written = new Map<string, { namespace: string; name: string }>();

  const forgetOldest = () => {
    const [oldest] = written;
    if (written.size <= KEPT || oldest === undefined) return;
    written.delete(oldest[0]);
    store.remove('events', oldest[1].namespace, oldest[1].name);
  };

  return (about, event) => {
    const key = `${about.metadata.uid}/${event.reason}/${event.message}`;
    const known = written.get(key);
    const before = known && store.get('events', known.namespace, known.name);
    const at = timestamp(scheduler.now());
    if (before) {
      store.put('events', { ...before, count: before.count + 1, lastTimestamp: at });
      return;
    }
    const manifest = eventManifest(about, event, scheduler.now());
    const metadata = { ...manifest.metadata, uid: randomUUID(), resourceVersion: '', creationTimestamp: at };
    store.put('events', { ...manifest, metadata });
    written.set(key, manifest.metadata);
    forgetOldest();
  };
}
