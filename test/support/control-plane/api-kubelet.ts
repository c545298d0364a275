import { eventManifest } from '../cluster/controllers/events.ts';
import type { RawAnswer, RawClient } from '../cluster/http-client.ts';
import type { KubeletApi, Written } from '../cluster/kubelet/perform-step.ts';
import { pathOf, resourceOf } from '../cluster/resources.ts';
import type { KubeObject } from '../cluster/types.ts';

const POD = { apiVersion: 'v1', kind: 'Pod' };

/** Nothing is made in a namespace that is being deleted: no binding of a pod, no event. */
const isEnding = ({ status, text }: RawAnswer): boolean => status === 403 && text.includes('NamespaceTerminating');

/** The answer's body; undefined where the object is gone, goes with its namespace, or is another one by now. */
export function bodyOf<T = KubeObject>(answer: RawAnswer): T | undefined {
  if (answer.status === 404 || answer.status === 409 || isEnding(answer)) return undefined;
  if (answer.status >= 400) throw new Error(`the API server answered ${answer.status}: ${answer.text}`);
  return answer.body;
}

const pathOfPod = ({ metadata }: KubeObject) => pathOf(resourceOf('pods'), metadata.namespace, metadata.name);

/** The kubelet's and the scheduler's calls to a real API server. */
export function createKubeletApi(client: RawClient): KubeletApi {
  return {
    async bind(pod, node): Written {
      const { name } = pod.metadata;
      const target = { apiVersion: 'v1', kind: 'Node', name: node };
      const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name, uid: pod.metadata.uid }, target };
      if (!bodyOf(await client.request('POST', `${pathOfPod(pod)}/binding`, { body }))) return undefined;
      const bound = bodyOf(await client.request('GET', pathOfPod(pod)));
      return bound && { ...POD, ...bound };
    },
    async setStatus(pod, status): Written {
      const body = { metadata: { uid: pod.metadata.uid }, status };
      const contentType = 'application/merge-patch+json';
      return bodyOf(await client.request('PATCH', `${pathOfPod(pod)}/status`, { contentType, body }));
    },
    async finish(pod): Written {
      const preconditions = { uid: pod.metadata.uid };
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, preconditions };
      bodyOf(await client.request('DELETE', pathOfPod(pod), { body }));
      return undefined;
    },
    async recordEvent(about, event) {
      const body = eventManifest(about, event, Date.now());
      const path = pathOf(resourceOf('events'), body.metadata.namespace);
      bodyOf(await client.request('POST', path, { body }));
    },
  };
}
