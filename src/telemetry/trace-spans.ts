import { type Attributes, SpanKind } from '@opentelemetry/api';
import type { About, Facts, Told, Work } from './work.ts';

/**
 * What a span says of each kind of work: ids and names of Kubernetes, never people or what they wrote. Names follow
 * OpenTelemetry's conventions, as far as there are any: https://opentelemetry.io/docs/specs/semconv/
 */
interface Description<W extends Work> {
  kind: SpanKind;
  name(facts: Facts[W]): string;
  /** Read when the work has ended: by then most is known. */
  attributes(facts: Facts[W]): Attributes;
  /** Why it counts as failed though it threw nothing; in a word. */
  failure?(facts: Facts[W]): string | undefined;
}

/** Names that come from elsewhere are cut here, in characters. */
const LONGEST_NAME = 64;

export const DESCRIPTIONS: { readonly [W in Work]: Description<W> } = {
  gesture: {
    kind: SpanKind.SERVER,
    name: ({ kind }) => `gesture ${kind}`,
    attributes: (facts) => ({ ...subject(facts), 'opsbot.gesture': facts.kind, 'opsbot.outcome': facts.outcome }),
    failure: ({ outcome }) => (outcome === 'failed' ? outcome : undefined),
  },
  order: {
    kind: SpanKind.CONSUMER,
    name: ({ type, action }) => `${type} ${action}`,
    attributes: (facts) => ({ ...subject(facts), 'opsbot.outcome': facts.outcome }),
    failure: ({ outcome }) => (outcome === 'failed' || outcome === 'unknown' ? outcome : undefined),
  },
  job: {
    kind: SpanKind.CONSUMER,
    name: ({ queue, name = 'job' }) => `${queue} ${name}`.slice(0, LONGEST_NAME),
    attributes: (facts) => ({
      ...subject(facts),
      'messaging.system': 'bullmq',
      'messaging.operation.type': 'process',
      'messaging.destination.name': facts.queue,
    }),
  },
  slackCall: {
    kind: SpanKind.CLIENT,
    name: ({ method }) => `POST ${method}`,
    attributes: ({ method }) => ({ 'http.request.method': 'POST', 'rpc.method': method }),
  },
  clusterCall: {
    kind: SpanKind.CLIENT,
    name: ({ verb, resource, subresource }) => `${verb} ${[resource, subresource].filter(Boolean).join('/')}`,
    attributes: ({ verb, method, resource, subresource, namespace, status }) => ({
      'http.request.method': method,
      'http.response.status_code': status,
      'k8s.namespace.name': namespace,
      'opsbot.kubernetes.verb': verb,
      'opsbot.kubernetes.resource': resource,
      'opsbot.kubernetes.subresource': subresource,
    }),
  },
};

function subject({ request, incident, action, cluster, namespace }: About): Attributes {
  return {
    'opsbot.request': request,
    'opsbot.incident': incident,
    'opsbot.action': action,
    'opsbot.cluster': cluster,
    'k8s.namespace.name': namespace,
  };
}

/** Why the work failed, in a word: its text is for people, and may hold what they wrote. Undefined where it did not. */
export function failureOf<W extends Work>(work: W, told: Told<W>): string | undefined {
  const { error } = told;
  if (error === undefined) return DESCRIPTIONS[work].failure?.(told);
  const status = 'status' in told && typeof told.status === 'number' ? told.status : 0;
  return status >= 400 ? String(status) : wordFor(error);
}

const WORD = /^([1-5]\d\d|[a-z_]{1,64}|[A-Z_]{1,64})$/;

/** What Slack says is wrong, else HTTP's status, else the code of the connection's error, else its class. */
function wordFor(error: unknown): string {
  const { data, statusCode, code } = Object(error) as {
    data?: { error?: unknown };
    statusCode?: unknown;
    code?: unknown;
  };
  const found = [data?.error, statusCode, code].find((word) => word !== undefined && WORD.test(String(word)));
  if (found !== undefined) return String(found);
  return error instanceof Error ? error.name : typeof error;
}
