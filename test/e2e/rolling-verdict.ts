import { Redis } from 'ioredis';
import { createKeys } from '../../src/requests/keys.ts';
import type { Request } from '../../src/requests/request.ts';
import { createStore } from '../../src/requests/store.ts';
import type { Kit } from '../support/cluster/kit.ts';
import type { LocalSlack } from '../support/slack/local-slack.ts';
import type { Story } from './rolling-people.ts';

/** More than any run asks for. */
const MOST_REQUESTS = 1_000;

export interface Rolled {
  kit: Kit;
  slack: LocalSlack;
  redisUrl: string;
  namespace: string;
  stories: readonly Story[];
}

/** Everything that is not as it has to be after the stories, whoever was replaced meanwhile. */
export async function faultsOf({ kit, slack, redisUrl, namespace, stories }: Rolled): Promise<string[]> {
  const redis = new Redis(redisUrl);
  try {
    const store = createStore(redis, createKeys());
    const requests = await store.loadAll(await store.recentIds(MOST_REQUESTS));
    const open = await store.openIds(MOST_REQUESTS);
    const about = await Promise.all(
      stories.map(async (story) => {
        const changes = await kit.changesOf({ kind: 'Deployment', namespace, name: story.workload });
        return [
          ...aboutTheRequest(story, requests),
          ...aboutTheCluster(story, changes.length),
          ...aboutTheChannel(story, slack),
        ].map((fault) => `${story.workload} (${story.asks}, ${story.decides}): ${fault}`);
      }),
    );
    return [
      ...about.flat(),
      ...open.map((id) => `${id} is still open`),
      ...(requests.length === stories.length ? [] : [`${requests.length} requests for ${stories.length} stories`]),
    ];
  } finally {
    redis.disconnect();
  }
}

function aboutTheRequest({ workload, decides }: Story, requests: readonly Request[]): string[] {
  const own = requests.filter(({ input }) => (input as { workload: { name: string } }).workload.name === workload);
  const [request] = own;
  if (!request || own.length > 1) return [`${own.length} requests`];
  const wanted = decides === 'cancel' ? 'cancelled' : 'succeeded';
  const once = decides === 'cancel' ? ['asked', 'cancelled'] : ['asked', 'voted', 'applied', 'finished'];
  const times = (name: string) => request.steps.filter(({ event }) => event === name).length;
  return [
    ...(request.state === wanted ? [] : [`ended as ${request.state}`]),
    ...once.filter((name) => times(name) !== 1).map((name) => `${name} ${times(name)} times`),
  ];
}

function aboutTheCluster({ decides }: Story, changes: number): string[] {
  const wanted = decides === 'cancel' ? 0 : 1;
  return changes === wanted ? [] : [`the cluster was changed ${changes} times instead of ${wanted}`];
}

function aboutTheChannel({ workload, channel }: Story, slack: LocalSlack): string[] {
  const seen = slack.person('crowd0').sees(channel);
  const cards = seen.filter(
    ({ text }) => text.includes(`deployment ${workload} in `) && /\*(Done|Cancelled)\*/.test(text),
  );
  const open = seen.filter(({ text, buttons }) => text.includes(` ${workload} `) && buttons.includes('Approve'));
  return [
    ...(cards.length === 1 ? [] : [`${cards.length} cards`]),
    ...open.map(({ text }) => `a surface still offers to approve: ${text}`),
  ];
}
