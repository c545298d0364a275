import { readFile } from 'node:fs/promises';
import { deployment } from '../support/cluster/manifests.ts';
import type { ClusterKit } from '../support/clusters.ts';
import { environmentOf } from '../support/opsbot.ts';
import { startOwnRedis } from '../support/redis.ts';
import { createLocalSlack } from '../support/slack/local-slack.ts';
import { createFleet } from './rolling-fleet.ts';
import { startFront } from './rolling-front.ts';

export const MOST_STORIES = 250;
const REPLICAS = 3;
/** As far as to the real Slack, so that some of what Slack sends does cross a Close. */
const LINK_MS = 40;
/** An event that nobody took comes again; in ms. */
const EVENT_RETRIES_MS = [0, 500, 500, 500];

/** Three replicas that are ready, a workload for each story, and all that they need, by one of Slack's two transports. */
export async function raiseFleet(kit: ClusterKit, transport: 'socket' | 'http') {
  const manifest = JSON.parse(await readFile(new URL('../../manifest.json', import.meta.url), 'utf8'));
  const [redis, slack, namespace] = await Promise.all([
    startOwnRedis(),
    createLocalSlack({ manifest, linkMs: LINK_MS, retryAfterMs: EVENT_RETRIES_MS }),
    kit.namespace(),
  ]);
  const names = Array.from({ length: MOST_STORIES }, (_, number) => `w${number}`);
  await Promise.all(names.map((name) => kit.apply(deployment(name, { namespace, replicas: 1 }))));
  const { SLACK_APP_TOKEN, ...common } = environmentOf({ slack, redis, kubeconfig: kit.kubeconfig() });
  const secret = transport === 'socket' ? { SLACK_APP_TOKEN } : { SLACK_SIGNING_SECRET: slack.signingSecret };
  const fleet = createFleet({ ...common, ...secret });
  for (let count = 0; count < REPLICAS; count++) await fleet.grow();
  const front = transport === 'http' ? await startFront(fleet) : undefined;
  slack.useHttp(front?.url);
  return {
    ...{ redis, slack, namespace, fleet },
    /** Replaces every replica; a new one has to be ready before an old one goes. */
    async roll() {
      const ended = [];
      for (let count = 0; count < REPLICAS; count++) {
        await fleet.grow();
        ended.push(await fleet.shrink());
      }
      return ended;
    },
    async stop() {
      front?.close();
      await Promise.all(fleet.replicas.map(({ process }) => process.kill9()));
      await slack.close();
      await redis.stop();
    },
  };
}
