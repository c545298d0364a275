/** One of prom-client's default metrics by itself. It registers itself, and is read when the page is made. */
declare module 'prom-client/lib/metrics/*' {
  import type { Registry } from 'prom-client';

  const measure: (registry: Registry, config?: { eventLoopMonitoringPrecision?: number }) => void;
  export = measure;
}
