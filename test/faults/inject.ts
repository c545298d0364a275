import type { Fault as ClusterFault } from '../support/cluster/api/faults.ts';
import type { LocalCluster } from '../support/cluster/local-cluster-contract.ts';
import type { FaultKind, Fault as SlackFault } from '../support/slack/faults.ts';
import type { TcpLine } from '../support/tcp-line.ts';
import type { Evidence } from './evidence.ts';
import type { ClusterTrouble, Fault, LineName, Planned } from './schedule.ts';
import type { World } from './world.ts';

/** Lets the schedule's faults happen; `heal` ends all of them, and those that have not begun do not. */
export function startFaults(world: World, schedule: readonly Planned[]) {
  const timers = new Set<NodeJS.Timeout>();
  let redisBack: Promise<void> = Promise.resolve();
  let jump: Evidence['jump'];

  function after(ms: number, what: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      what();
    }, ms);
    timers.add(timer);
  }

  function killRedis(awayMs: number): void {
    const { redis } = world;
    // One after the other: it cannot be killed while it is away.
    redisBack = redisBack.then(async () => {
      await redis.kill9();
      await new Promise((resolve) => setTimeout(resolve, awayMs));
      await redis.restart();
    });
  }

  /** Something goes wrong with a line for so long. */
  function trouble(line: TcpLine, forMs: number, what: (line: TcpLine) => void): void {
    what(line);
    after(forMs, () => line.heal());
  }

  function inject(fault: Fault): void {
    const { members, lines, slack } = world;
    switch (fault.kind) {
      case 'kill':
        members[fault.process].kill(fault.awayMs);
        break;
      case 'end':
        members[fault.process].end(fault.awayMs);
        break;
      case 'kill Redis':
        killRedis(fault.awayMs);
        break;
      case 'cut':
        lines[fault.line].cut();
        break;
      case 'refuse':
        trouble(lines[fault.line], fault.forMs, (line) => line.refuse());
        break;
      case 'slow':
        trouble(lines[fault.line], fault.forMs, (line) => line.slow(fault.latencyMs));
        break;
      case 'stall':
        trouble(lines[fault.line], fault.forMs, (line) => line.stall());
        break;
      case 'Slack':
        slack.fault(slackFault(fault));
        break;
      case 'sockets':
        if (fault.how === 'drop') slack.dropSockets();
        else slack.disconnectSockets();
        break;
      case 'watches':
      case 'cluster':
        troubleCluster(fault);
        break;
      case 'clocks':
        jump = { at: Date.now(), aheadMs: fault.aheadMs };
        void world.setClocks(fault.aheadMs);
        break;
    }
  }

  function troubleCluster(fault: Extract<Fault, { kind: 'watches' | 'cluster' }>): void {
    const { local } = world.kit;
    if (!local) cutAgents();
    else if (fault.kind === 'cluster') {
      const { method, times } = fault;
      local.fault(clusterFault(fault.trouble), method === undefined ? {} : { method }, times);
    } else {
      troubleWatches(local, fault.how);
      after(fault.forMs, () => local.unmuteWatches());
    }
  }

  /** A real API server cannot be told to fail: its lines can. */
  function cutAgents(): void {
    const toCluster: LineName[] = ['agent-1 to the cluster', 'agent-2 to the cluster'];
    for (const line of toCluster) world.lines[line].cut();
  }

  const done: Planned[] = [];
  for (const planned of schedule) {
    after(planned.at, () => {
      done.push(planned);
      inject(planned.fault);
    });
  }

  return {
    /** Those that have begun. */
    done: done as readonly Planned[],
    jump: () => jump,
    /** Resolves once everything is as it should be, and every process runs. */
    async heal(): Promise<void> {
      for (const timer of timers) clearTimeout(timer);
      for (const line of Object.values(world.lines)) line.heal();
      world.slack.clearFaults();
      world.kit.local?.clearFaults();
      world.kit.local?.unmuteWatches();
      await redisBack;
      await world.ready();
    },
  };
}

function slackFault({ trouble, retryAfter, method, times }: Extract<Fault, { kind: 'Slack' }>): SlackFault {
  const kind: FaultKind = trouble === 'ratelimited' ? { kind: trouble, retryAfter } : { kind: trouble };
  return { ...kind, times, ...(method === undefined ? {} : { method }) };
}

function troubleWatches(cluster: LocalCluster, how: 'cut' | 'expire' | 'mute'): void {
  if (how === 'cut') cluster.cutWatches();
  if (how === 'expire') cluster.expireWatches();
  if (how === 'mute') cluster.muteWatches();
}

function clusterFault(trouble: ClusterTrouble): ClusterFault {
  switch (trouble) {
    case 'error 500':
      return { kind: 'answer', status: 500, body: { kind: 'Status', code: 500, message: 'injected' } };
    case 'error 503':
      return { kind: 'answer', status: 503, body: { kind: 'Status', code: 503, message: 'injected' } };
    default:
      return { kind: trouble };
  }
}
