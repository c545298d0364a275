import type { Registry } from 'prom-client';
import eventLoopLag from 'prom-client/lib/metrics/eventLoopLag.js';
import heapSizeAndUsed from 'prom-client/lib/metrics/heapSizeAndUsed.js';
import osMemoryHeap from 'prom-client/lib/metrics/osMemoryHeap.js';
import processCpuTotal from 'prom-client/lib/metrics/processCpuTotal.js';
import processMaxFileDescriptors from 'prom-client/lib/metrics/processMaxFileDescriptors.js';
import processOpenFileDescriptors from 'prom-client/lib/metrics/processOpenFileDescriptors.js';
import processStartTime from 'prom-client/lib/metrics/processStartTime.js';
import version from 'prom-client/lib/metrics/version.js';

/** ms between two looks at the event loop; each takes a little CPU, and short of that nobody notices a wait. */
const LOOK_EVERY_MS = 50;

/**
 * What is known of any process. Those of prom-client's default metrics that cost next to nothing: the observer of the
 * garbage collection alone would take 5 MiB while a large cluster is read.
 */
export function measureProcess(registry: Registry): void {
  eventLoopLag(registry, { eventLoopMonitoringPrecision: LOOK_EVERY_MS });
  const others = [heapSizeAndUsed, osMemoryHeap, processCpuTotal, processMaxFileDescriptors];
  for (const measure of [...others, processOpenFileDescriptors, processStartTime, version]) measure(registry);
}
