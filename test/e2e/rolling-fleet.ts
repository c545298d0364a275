import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '../support/free-ports.ts';
import { type LogLine, type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';

/** As a kubelet probes, only more often. In ms. */
const PROBE_EVERY_MS = 100;
const READY_WITHIN_MS = 30_000;

export interface Replica {
  process: OpsbotProcess;
  health: string;
  /** Where it takes Slack's requests, by HTTP. */
  slack: string;
}

export interface Ended {
  code: number | string;
  /** From SIGTERM to the end. */
  ms: number;
}

/** Replicas of opsbot as a Deployment with maxSurge 1 and maxUnavailable 0 keeps them. */
export interface Fleet {
  replicas: readonly Replica[];
  /** Starts one more and waits until it is ready. */
  grow(): Promise<void>;
  /** Ends the oldest one by SIGTERM. */
  shrink(): Promise<Ended>;
  /** What any of them has logged at this level (pino's) or above. */
  logged(level: number): LogLine[];
}

export function createFleet(env: NodeJS.ProcessEnv): Fleet {
  const all: Replica[] = [];
  const replicas: Replica[] = [];
  return {
    replicas,
    async grow() {
      const [health, slack] = await freePorts(2);
      const own = { OPSBOT_HTTP_PORT: String(health), PORT: String(slack) };
      const replica: Replica = {
        process: startOpsbot({ bundle: true, env: { ...env, ...own } }),
        health: `http://127.0.0.1:${health}/readyz`,
        slack: `http://127.0.0.1:${slack}`,
      };
      all.push(replica);
      await becomesReady(replica);
      replicas.push(replica);
    },
    async shrink() {
      const oldest = replicas[0];
      if (!oldest) throw new Error('there is none left');
      const from = performance.now();
      const stopped = oldest.process.stop();
      // It is part of the fleet until a probe finds out.
      void stopped.then(() => replicas.splice(replicas.indexOf(oldest), 1));
      const code = await stopped;
      return { code, ms: performance.now() - from };
    },
    logged: (level) => all.flatMap(({ process }) => process.log.filter((line) => (line.level ?? 0) >= level)),
  };
}

export async function isReady({ health }: Pick<Replica, 'health'>): Promise<boolean> {
  return fetch(health).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function becomesReady(replica: Replica): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(replica))) {
    if (Date.now() > deadline) {
      throw new Error(`not ready: ${replica.process.log.map(({ msg }) => msg).join('\n')}`);
    }
    await delay(PROBE_EVERY_MS);
  }
}
