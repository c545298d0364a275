import type { Logger } from 'pino';
import { Gauge, Registry } from 'prom-client';
import type { WatchRestart } from '../kubernetes/watch-restart.ts';
import type { CommitListener } from '../requests/requests.ts';
import { measureClusterCalls } from './metrics-cluster.ts';
import { createRedisSources, readinessSource, slackConnectionSource } from './metrics-connections.ts';
import { measureGestures } from './metrics-gestures.ts';
import { type IncidentFigures, incidentSource } from './metrics-incidents.ts';
import { measureJobs, type QueueFigures, queueSource } from './metrics-jobs.ts';
import { measureOrders } from './metrics-orders.ts';
import { measureProcess } from './metrics-process.ts';
import { measureRequests, type OpenRequest } from './metrics-requests.ts';
import { measureSlackCalls } from './metrics-slack.ts';
import { type AgentFigures, measureSnapshot } from './metrics-snapshot.ts';
import { createSources } from './metrics-sources.ts';

export interface MetricsOptions {
  version: string;
  roles: readonly string[];
  /** Of the cluster that this process serves. */
  cluster: string;
  /** Names of all actions. */
  actions: readonly string[];
  /** Which parts can do their work, by name. */
  readiness(): Promise<Readonly<Record<string, boolean>>>;
  logger: Logger;
}

/** What is asked of a hub when the page is made; each may reject. */
export interface HubSources {
  ping(): Promise<unknown>;
  queues(): Promise<readonly QueueFigures[]>;
  requests(): Promise<readonly OpenRequest[]>;
  incidents(): Promise<IncidentFigures>;
  /** Open ones to Slack. */
  connections(): number;
}

/** What is asked of an agent when the page is made. */
export interface AgentSources {
  ping(): Promise<unknown>;
  figures(): Promise<AgentFigures>;
}

export interface MetricsPage {
  contentType: string;
  text: string;
}

/** Everything that one opsbot measures. Each role says what it has to be asked for; what it lacks has no metrics. */
export interface Metrics {
  /** To be called once; the listener has to be told of each commit. */
  hub(sources: HubSources): { onCommit: CommitListener };
  /** To be called once. */
  agent(sources: AgentSources): { onWatchRestart(resource: string, reason: WatchRestart): void };
  /** Of the process: CPU, memory, event loop, open files. Lasts as long as the process does. */
  measureProcess(): void;
  /** For Prometheus. Answers within a second; whoever asks meanwhile gets the same. */
  page(): Promise<MetricsPage>;
  /** Name, type, labels and help of each, in the order in which the page has them. */
  described(): { name: string; type: string; labels: readonly string[]; help: string }[];
  /** Measures nothing more. */
  stop(): void;
}

export function createMetrics(options: MetricsOptions): Metrics {
  const { version, roles, cluster, actions, logger } = options;
  const registry = new Registry();
  new Gauge({
    name: 'opsbot_info',
    help: '1; its labels say what runs.',
    labelNames: ['version', 'roles', 'cluster'],
    registers: [registry],
  }).set({ version, roles: roles.join(','), cluster }, 1);
  const sources = createSources(registry, logger);
  sources.add(readinessSource(registry, options.readiness));
  const redisSource = createRedisSources(registry);
  const stops = [measureJobs(registry)];
  let underWay: Promise<MetricsPage> | undefined;

  async function makePage(): Promise<MetricsPage> {
    await sources.refresh();
    return { contentType: registry.contentType, text: await registry.metrics() };
  }

  return {
    hub({ ping, queues, requests, incidents, connections }) {
      const { onCommit, source } = measureRequests(registry, actions, requests);
      stops.push(measureGestures(registry), measureSlackCalls(registry));
      sources.add(redisSource('hub', ping));
      sources.add(slackConnectionSource(registry, connections));
      sources.add(queueSource(registry, queues));
      sources.add(source);
      sources.add(incidentSource(registry, incidents));
      return { onCommit };
    },
    agent({ ping, figures }) {
      const { onRestart, source } = measureSnapshot(registry, cluster, figures);
      stops.push(measureOrders(registry, actions), measureClusterCalls(registry));
      sources.add(redisSource('agent', ping));
      sources.add(source);
      return { onWatchRestart: onRestart };
    },
    measureProcess: () => measureProcess(registry),
    page() {
      underWay ??= makePage().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    described() {
      return registry.getMetricsAsArray().map((metric) => {
        const { name, type, labelNames, help } = metric as unknown as Described;
        return { name, type, labels: labelNames, help };
      });
    },
    stop() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}

/** The registry's own objects, which its types do not show. */
interface Described {
  name: string;
  type: string;
  labelNames: readonly string[];
  help: string;
}
