import { pino } from 'pino';
import { createMetrics, type Metrics } from '../src/telemetry/metrics.ts';
import { code, table } from './tables.ts';

/** Of both roles, and of an opsbot that does not run: asked for values, it has none. */
export function metricsAtRest(): Metrics {
  const nobody = () => Promise.reject(new Error('nothing runs here'));
  const metrics = createMetrics({
    ...{ version: '', roles: [], cluster: '', actions: [] },
    readiness: nobody,
    logger: pino({ level: 'silent' }),
  });
  metrics.hub({ ping: nobody, queues: nobody, requests: nobody, incidents: nobody, connections: () => 0 });
  metrics.agent({ ping: nobody, figures: nobody });
  metrics.stop();
  return metrics;
}

/** Everything that opsbot itself measures, in the order in which the page has it. */
export function metricsTable(): string {
  const rows = metricsAtRest()
    .described()
    .map(({ name, type, labels, help }) => [code(name), type, labels.map(code).join(', '), help]);
  return table(['metric', 'type', 'labels', 'what it is'], rows);
}
