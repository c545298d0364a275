import type { Random } from '../support/slack/random.ts';

/** What goes wrong in a run, and when: all of it drawn from the seed before the run begins. */
export const PROCESSES = ['hub-1', 'hub-2', 'agent-1', 'agent-2'] as const;
export type ProcessName = (typeof PROCESSES)[number];

export const LINES = [
  'hub-1 to Redis',
  'hub-2 to Redis',
  'agent-1 to Redis',
  'agent-2 to Redis',
  'hubs to Slack',
  'agent-1 to the cluster',
  'agent-2 to the cluster',
] as const;
export type LineName = (typeof LINES)[number];

export type SlackTrouble = 'ratelimited' | 'error500' | 'hang' | 'lose-answer' | 'lose-question';
export type ClusterTrouble = 'error 500' | 'error 503' | 'hang' | 'cut' | 'drop answer';
export type WatchTrouble = 'cut' | 'expire' | 'mute';

export type Fault =
  | { kind: 'kill'; process: ProcessName; awayMs: number }
  | { kind: 'end'; process: ProcessName; awayMs: number }
  | { kind: 'kill Redis'; awayMs: number }
  | { kind: 'cut'; line: LineName }
  | { kind: 'refuse'; line: LineName; forMs: number }
  | { kind: 'slow'; line: LineName; latencyMs: number; forMs: number }
  | { kind: 'stall'; line: LineName; forMs: number }
  | { kind: 'Slack'; trouble: SlackTrouble; method: string | undefined; times: number; retryAfter: number }
  | { kind: 'sockets'; how: 'drop' | 'refresh' }
  | { kind: 'watches'; how: WatchTrouble; forMs: number }
  | { kind: 'cluster'; trouble: ClusterTrouble; method: 'PATCH' | 'GET' | undefined; times: number }
  /** Every clock jumps at once, at most once in a run: what people may decide within a minute is late now. */
  | { kind: 'clocks'; aheadMs: number };

export interface Planned {
  /** ms after the load began. */
  at: number;
  fault: Fault;
}

/** All faults begin within this time, in ms. */
const FAULTS_WITHIN_MS = 9_000;
const FEWEST = 4;
const MOST = 8;
/** More than the minute after which the shortest deadline is over, and less than agents give a patch to arrive. */
const JUMP_MS = 70_000;
/** Out of a hundred runs. */
const JUMPS = 50;

const METHODS = [undefined, 'chat.postMessage', 'chat.update', 'chat.postEphemeral', 'views.publish', 'views.open'];
const SLACK_TROUBLES: SlackTrouble[] = ['ratelimited', 'error500', 'hang', 'lose-answer', 'lose-question'];
const CLUSTER_TROUBLES: ClusterTrouble[] = ['error 500', 'error 503', 'hang', 'cut', 'drop answer'];

/** Out of these, so that each sort of fault is as likely as any other, however many members it has. */
const DRAWS: ((draw: Draw) => Fault)[] = [
  ({ one, ms }) => ({ kind: 'kill', process: one(PROCESSES), awayMs: ms(100, 3_000) }),
  ({ one, ms }) => ({ kind: 'kill', process: one(PROCESSES), awayMs: ms(100, 3_000) }),
  ({ one, ms }) => ({ kind: 'end', process: one(PROCESSES), awayMs: ms(100, 2_000) }),
  ({ ms }) => ({ kind: 'kill Redis', awayMs: ms(100, 8_000) }),
  ({ one }) => ({ kind: 'cut', line: one(LINES) }),
  ({ one, ms }) => ({ kind: 'refuse', line: one(LINES), forMs: ms(300, 4_000) }),
  ({ one, ms }) => ({ kind: 'slow', line: one(LINES), latencyMs: ms(20, 400), forMs: ms(1_000, 5_000) }),
  ({ one, ms }) => ({ kind: 'stall', line: one(LINES), forMs: ms(500, 6_000) }),
  ({ one, ms }) => slackFault(one, ms),
  ({ one, ms }) => slackFault(one, ms),
  ({ one }) => ({ kind: 'sockets', how: one(['drop', 'refresh']) }),
  ({ one, ms }) => ({ kind: 'watches', how: one(['cut', 'expire', 'mute']), forMs: ms(500, 4_000) }),
  ({ one, ms }) => clusterFault(one, ms),
  ({ one, ms }) => clusterFault(one, ms),
];

interface Draw {
  one<T>(of: readonly T[]): T;
  ms(least: number, most: number): number;
}

function slackFault(one: Draw['one'], ms: Draw['ms']): Fault {
  return {
    kind: 'Slack',
    trouble: one(SLACK_TROUBLES),
    method: one(METHODS),
    times: ms(1, 5),
    retryAfter: ms(1, 3),
  };
}

function clusterFault(one: Draw['one'], ms: Draw['ms']): Fault {
  return {
    kind: 'cluster',
    trouble: one(CLUSTER_TROUBLES),
    method: one(['PATCH', 'PATCH', 'GET', undefined]),
    times: ms(1, 3),
  };
}

export function drawSchedule(random: Random): Planned[] {
  const draw: Draw = {
    one: (of) => of[random.below(of.length)] as never,
    ms: (least, most) => least + random.below(most - least + 1),
  };
  const count = draw.ms(FEWEST, MOST);
  const planned = Array.from({ length: count }, () => ({
    at: draw.ms(0, FAULTS_WITHIN_MS),
    fault: draw.one(DRAWS)(draw),
  }));
  const jumps: Planned[] =
    random.below(100) < JUMPS
      ? [{ at: draw.ms(4_000, FAULTS_WITHIN_MS), fault: { kind: 'clocks', aheadMs: JUMP_MS } }]
      : [];
  return [...planned, ...jumps].sort((a, b) => a.at - b.at);
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** `after 1.2 s: kill -9 of hub-1, back after 0.4 s` */
export function inWords({ at, fault }: Planned): string {
  return `after ${seconds(at)}: ${wordsOf(fault)}`;
}

function wordsOf(fault: Fault): string {
  switch (fault.kind) {
    case 'kill':
      return `kill -9 of ${fault.process}, back after ${seconds(fault.awayMs)}`;
    case 'end':
      return `SIGTERM to ${fault.process}, back after ${seconds(fault.awayMs)}`;
    case 'kill Redis':
      return `kill -9 of Redis, back after ${seconds(fault.awayMs)}`;
    case 'cut':
      return `connections of ${fault.line} cut`;
    case 'refuse':
      return `connections of ${fault.line} refused for ${seconds(fault.forMs)}`;
    case 'slow':
      return `${fault.line} slower by ${fault.latencyMs} ms for ${seconds(fault.forMs)}`;
    case 'stall':
      return `nothing gets through from ${fault.line} for ${seconds(fault.forMs)}`;
    case 'Slack': {
      const how = fault.trouble === 'ratelimited' ? `ratelimited (${fault.retryAfter} s)` : fault.trouble;
      return `Slack: ${how}, ${fault.times} times, for ${fault.method ?? 'any method'}`;
    }
    case 'sockets':
      return fault.how === 'drop' ? 'all sockets of Slack dropped' : 'Slack asks all sockets to come anew';
    case 'watches':
      return fault.how === 'mute' ? `watches say nothing for ${seconds(fault.forMs)}` : `watches: ${fault.how}`;
    case 'cluster':
      return `cluster: ${fault.trouble}, ${fault.times} times, for ${fault.method ?? 'any call'}`;
    case 'clocks':
      return `all clocks jump ahead by ${seconds(fault.aheadMs)}`;
  }
}

/** By which a fault is counted: kinds of troubles apart, places together. */
export function sortOf(fault: Fault): string {
  switch (fault.kind) {
    case 'kill':
      return `kill -9 of ${roleOf(fault.process)}`;
    case 'end':
      return `SIGTERM to ${roleOf(fault.process)}`;
    case 'cut':
    case 'refuse':
    case 'slow':
    case 'stall':
      return `${fault.kind}: ${fault.line.replace(/-\d|s(?= to)/, '')}`;
    case 'Slack':
      return `Slack: ${fault.trouble}`;
    case 'sockets':
      return `sockets: ${fault.how}`;
    case 'watches':
      return `watches: ${fault.how}`;
    case 'cluster':
      return `cluster: ${fault.trouble}`;
    case 'kill Redis':
      return 'kill -9 of Redis';
    case 'clocks':
      return 'clocks jump';
  }
}

const roleOf = (process: ProcessName) => process.replace(/-\d$/, '');
