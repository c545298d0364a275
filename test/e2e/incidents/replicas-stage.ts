import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { writeKubeconfig } from '../../support/cluster/kubeconfig.ts';
import type { ClusterKit } from '../../support/clusters.ts';
import { type OpsbotProcess, startOpsbot } from '../../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../../support/redis.ts';
import type { JournalEntry } from '../../support/slack/journal.ts';
import { createLocalSlack, type LocalSlack } from '../../support/slack/local-slack.ts';
import type { SeenMessage } from '../../support/slack/people/looking.ts';
import { createGate, type Line } from '../crash-gate.ts';
import { startHttpLine } from '../crash-http-line.ts';
import { ALERTS, GREEN } from './incident-stage.ts';

export type Roles = 'agent' | 'hub' | 'hub,agent';

export interface Replica {
  opsbot: OpsbotProcess;
  roles: Roles;
}

/** pino's number for an error. */
const ERROR = 50;
/** Of one post: which incident, and what of it. */
interface Part {
  incident: string;
  part: string;
}

/** What a call to Slack posts or edits about an incident. */
export function partOf({ args }: Pick<JournalEntry, 'args'>): Part | undefined {
  const { metadata } = args as { metadata?: string | { event_payload?: Part } };
  const parsed = typeof metadata === 'string' ? (JSON.parse(metadata) as { event_payload?: Part }) : metadata;
  return parsed?.event_payload?.incident === undefined ? undefined : parsed.event_payload;
}

/** Several opsbot processes on one Redis, one Slack and the kit's cluster, with incidents told in #alerts. */
export function useReplicas(kit: ClusterKit) {
  let world: { redis: OwnRedis; slack: LocalSlack; folder: string; namespace: string; env: NodeJS.ProcessEnv };
  const replicas: Replica[] = [];
  const lines: Line[] = [];
  /** Who made the latest call that posts something. */
  let poster: Replica | undefined;

  beforeAll(async () => {
    const [redis, slack, folder, namespace] = await Promise.all([
      startOwnRedis(),
      createLocalSlack(),
      mkdtemp(join(tmpdir(), 'opsbot-replicas-')),
      kit.namespace(),
    ]);
    const kubeconfig = writeKubeconfig(join(folder, 'kubeconfig'), kit.endpoint, namespace);
    const config = join(folder, 'opsbot.yaml');
    const incidents = {
      rules: [{ match: { kind: ['node-not-ready', 'node-pressure', 'rollout-complete'] }, ignore: true }],
      quiet: '2s',
      storm: 100,
    };
    await writeFile(config, JSON.stringify({ channels: { alerts: ALERTS }, namespaces: [namespace], incidents }));
    const env = { REDIS_URL: redis.url, OPSBOT_CONFIG: config, OPSBOT_HTTP_PORT: '0', KUBECONFIG: kubeconfig };
    world = { redis, slack, folder, namespace, env };
  });
  afterEach(() => {
    const { slack } = world;
    // Slack delivers events to a process that dies; a later one gets them.
    expect(slack.takeViolations().filter(({ kind }) => kind !== 'no-ack')).toEqual([]);
    expect(slack.broadcasts).toEqual([]);
    for (const { opsbot } of replicas) expect(opsbot.log.filter(({ level = 0 }) => level >= ERROR)).toEqual([]);
    // Whatever happened: no message twice, neither a root nor a note.
    const parts = sees().map((message) => JSON.stringify(message.raw.metadata?.event_payload));
    expect(parts.filter((part, index) => parts.indexOf(part) !== index)).toEqual([]);
    const headlines = roots().map(({ text }) => ownerIn(text));
    expect(headlines.filter((owner, index) => headlines.indexOf(owner) !== index)).toEqual([]);
  });
  afterAll(async () => {
    await Promise.all(replicas.map(({ opsbot }) => opsbot.stop()));
    await Promise.all(lines.map((line) => line.close()));
    await Promise.all([world.slack.close(), world.redis.stop()]);
    await rm(world.folder, { recursive: true });
  });

  const sees = (): SeenMessage[] => world.slack.person('alice').sees(ALERTS);
  const roots = () => sees().filter(({ thread, ts }) => thread === undefined || thread === ts);
  const ownerIn = (text: string) => /\*(\w+ [\w.-]+)\*/.exec(text)?.[1];
  const rootOf = (name: string) => roots().find(({ text }) => ownerIn(text) === `Deployment ${name}`);
  const notesOf = (name: string) => {
    const root = rootOf(name);
    return root ? sees().filter(({ thread, ts }) => thread === root.ts && ts !== thread) : [];
  };

  function isHolding({ opsbot }: Replica): boolean {
    return opsbot.log.findLast(({ lease }) => lease !== undefined)?.msg === 'holds the lease';
  }

  return {
    get slack(): LocalSlack {
      return world.slack;
    },
    get redis(): OwnRedis {
      return world.redis;
    },
    get namespace(): string {
      return world.namespace;
    },
    ref: (name: string) => ({ kind: 'Deployment', namespace: world.namespace, name }),
    async start(roles: Roles): Promise<Replica> {
      const { slack, env } = world;
      const gate = createGate(
        () => {
          poster = replica;
          return false;
        },
        () => undefined,
      );
      const line = await startHttpLine({ url: slack.apiUrl }, gate);
      lines.push(line);
      const { KUBECONFIG: _, ...withoutCluster } = env;
      const forSlack = { SLACK_BOT_TOKEN: slack.botToken, SLACK_APP_TOKEN: slack.appToken, SLACK_API_URL: line.url };
      const opsbot = startOpsbot({
        env: {
          ...(roles === 'hub' ? withoutCluster : env),
          ...(roles === 'agent' ? {} : forSlack),
          OPSBOT_ROLES: roles,
        },
      });
      const replica: Replica = { opsbot, roles };
      replicas.push(replica);
      await opsbot.ready;
      return replica;
    },
    /** Out of the books: its end is no concern of the suite any more. */
    forget(replica: Replica): void {
      replicas.splice(replicas.indexOf(replica), 1);
    },
    isHolding,
    /** The one of them that holds the Lease, once there is one. */
    async holder(among: readonly Replica[]): Promise<Replica> {
      await Promise.any(among.map(({ opsbot }) => opsbot.logged(({ msg }) => msg === 'holds the lease')));
      const found = among.filter(isHolding);
      expect(found).toHaveLength(1);
      return found[0] as Replica;
    },
    /**
     * Kills, at once and for good, whoever makes a post that fits, after Slack has made it and before the answer is
     * there. Gives who it was.
     */
    killedWhilePosting(fits: (part: Part) => boolean): Promise<Replica> {
      return new Promise((resolve) => {
        const onCall = (entry: JournalEntry) => {
          const part = entry.name === 'chat.postMessage' ? partOf(entry) : undefined;
          if (!part || !fits(part) || !poster) return;
          world.slack.events.off('journal', onCall);
          process.kill(poster.opsbot.pid, 'SIGKILL');
          replicas.splice(replicas.indexOf(poster), 1);
          resolve(poster);
        };
        world.slack.events.on('journal', onCall);
      });
    },
    roots,
    rootOf,
    notesOf,
    /** Waits until the one message about that Deployment passes. */
    shows: (name: string, passes: (root: SeenMessage) => boolean, timeoutMs = 15_000): Promise<SeenMessage> =>
      world.slack.waitFor(
        () => {
          const root = rootOf(name);
          return root && passes(root) ? root : undefined;
        },
        {
          timeoutMs,
          what: () =>
            `${name} as wanted; there is:\n${roots()
              .map(({ text }) => text)
              .join('\n')}`,
        },
      ),
    isGreen: ({ color }: Pick<SeenMessage, 'color'>) => color === GREEN,
  };
}
