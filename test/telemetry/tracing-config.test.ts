import { expect, test } from 'vitest';
import { headerSecretsIn, tracingOf } from '../../src/config-tracing.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };
const TRACES_ENDPOINT = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example/v1/traces' };

test.each([
  [{}, false],
  [{ OTEL_SERVICE_NAME: 'opsbot', OTEL_TRACES_SAMPLER: 'always_on' }, false],
  [ENDPOINT, true],
  [TRACES_ENDPOINT, true],
  [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'true' }, false],
  [{ ...ENDPOINT, OTEL_SDK_DISABLED: 'false' }, true],
  [{ ...TRACES_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }, false],
  [{ ...ENDPOINT, OTEL_TRACES_EXPORTER: 'otlp' }, true],
])('%o: traces are sent: %s', (given, wanted) => {
  expect(tracingOf(given)?.canSend ?? false).toBe(wanted);
  expect(tracingOf(given)?.warnings ?? []).toEqual([]);
});

test.each([
  [{}, 1, true],
  [{ OTEL_TRACES_SAMPLER: 'always_off' }, 0, false],
  [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' }, 0.25, false],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio' }, 1, true],
  [{ OTEL_TRACES_SAMPLER: 'parentbased_always_on', OTEL_TRACES_SAMPLER_ARG: '0.1' }, 1, true],
])('%o: takes %d of the traces; others’ word counts: %s', (given, ratio, isParentBased) => {
  expect(tracingOf({ ...ENDPOINT, ...given })).toMatchObject({ sampler: { ratio, isParentBased }, warnings: [] });
});

test('what is wrong is a warning with a way out, and never keeps opsbot from starting', () => {
  const config = tracingOf({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_TRACES_EXPORTER: 'zipkin',
    OTEL_TRACES_SAMPLER: 'jaeger_remote',
    OTEL_BSP_SCHEDULE_DELAY: 'soon',
    OTEL_BSP_MAX_QUEUE_SIZE: '100',
  });
  expect(config).toMatchObject({
    canSend: false,
    sampler: { ratio: 1, isParentBased: true },
    batch: { maxQueueSize: 100 },
  });
  expect(config?.warnings.map((warning) => warning.split(/[ :]/)[0])).toEqual([
    'OTEL_TRACES_EXPORTER',
    'OTEL_EXPORTER_OTLP_PROTOCOL',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
    'OTEL_TRACES_SAMPLER',
    'OTEL_BSP_SCHEDULE_DELAY',
  ]);
  const part = tracingOf({ ...ENDPOINT, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '25' });
  expect(part).toMatchObject({ sampler: { ratio: 1 } });
  expect(part?.warnings).toEqual([expect.stringContaining('a number from 0 to 1 is needed')]);
});

test('keys in headers are secrets, in both forms; a tenant’s name is an ordinary word', () => {
  expect(
    headerSecretsIn({
      OTEL_EXPORTER_OTLP_HEADERS: 'x-scope-orgid=prod,authorization=Bearer%20abcdefghijkl',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-api-key=0123456789abcdef',
    }),
  ).toEqual(['Bearer%20abcdefghijkl', 'Bearer abcdefghijkl', '0123456789abcdef']);
});
