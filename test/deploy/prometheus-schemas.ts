/** The part of the Prometheus operator's custom resources that we use, strictly: its own schemas are in no package. */
const labels = { type: 'object', additionalProperties: { type: 'string' } };
const duration = { type: 'string', pattern: '^([0-9]+(ms|s|m|h|d))+$' };

function object(required: readonly string[], properties: Record<string, unknown>) {
  return { type: 'object', required, properties, additionalProperties: false };
}

function resource(kind: string, spec: unknown) {
  return object(['apiVersion', 'kind', 'metadata', 'spec'], {
    apiVersion: { const: 'monitoring.coreos.com/v1' },
    kind: { const: kind },
    metadata: object(['name', 'namespace'], { name: { type: 'string' }, namespace: { type: 'string' }, labels }),
    spec,
  });
}

export const SERVICE_MONITOR = resource(
  'ServiceMonitor',
  object(['selector', 'endpoints'], {
    selector: object(['matchLabels'], { matchLabels: labels }),
    endpoints: {
      type: 'array',
      minItems: 1,
      items: object(['port'], { port: { type: 'string' }, path: { type: 'string' }, interval: duration }),
    },
  }),
);

export const PROMETHEUS_RULE = resource(
  'PrometheusRule',
  object(['groups'], {
    groups: {
      type: 'array',
      minItems: 1,
      items: object(['name', 'rules'], {
        name: { type: 'string' },
        interval: duration,
        rules: {
          type: 'array',
          minItems: 1,
          items: object(['alert', 'expr'], {
            alert: { type: 'string' },
            expr: { type: ['string', 'integer'] },
            for: duration,
            keep_firing_for: duration,
            labels,
            annotations: labels,
          }),
        },
      }),
    },
  }),
);
