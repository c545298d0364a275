import { Gauge, type Registry } from 'prom-client';
import type { Source } from './metrics-sources.ts';

/** Readiness as `/readyz` has it, part by part. */
export function readinessSource(
  registry: Registry,
  readiness: () => Promise<Readonly<Record<string, boolean>>>,
): Source {
  const ready = new Gauge({
    name: 'opsbot_ready',
    help: '1 where the part can do its work, else 0; /readyz says why not. check: opsbot, redis, slack, cluster.',
    labelNames: ['check'],
    registers: [registry],
  });
  return {
    name: 'readiness',
    gauges: [ready],
    async read() {
      const checks = await readiness();
      return () => {
        for (const [check, isReady] of Object.entries(checks)) ready.set({ check }, Number(isReady));
      };
    },
  };
}

/** Whether Redis answers this process, and how quickly. `role`: whose connection it is. */
export function createRedisSources(registry: Registry): (role: string, ping: () => Promise<unknown>) => Source {
  const registers = [registry];
  const labelNames = ['role'] as const;
  const up = new Gauge({
    name: 'opsbot_redis_up',
    help: '1 where Redis answered a PING in time, else 0.',
    labelNames,
    registers,
  });
  const seconds = new Gauge({
    name: 'opsbot_redis_ping_seconds',
    help: 'Time that Redis took to answer that PING.',
    labelNames,
    registers,
  });
  return (role, ping) => ({
    name: `redis-${role}`,
    gauges: [],
    async read() {
      up.set({ role }, 0);
      seconds.remove({ role });
      const askedAt = performance.now();
      await ping();
      return () => {
        up.set({ role }, 1);
        seconds.set({ role }, (performance.now() - askedAt) / 1000);
      };
    },
  });
}

export function slackConnectionSource(registry: Registry, connections: () => number): Source {
  const open = new Gauge({
    name: 'opsbot_slack_connections',
    help: 'Ways by which gestures reach this process just now: Socket Mode connections (2 are usual), or 1 for HTTP.',
    registers: [registry],
  });
  return {
    name: 'slack',
    gauges: [open],
    async read() {
      return () => open.set(connections());
    },
  };
}
