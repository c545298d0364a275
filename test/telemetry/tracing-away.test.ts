import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../support/cluster/local-cluster-contract.ts';
import { deployment } from '../support/cluster/manifests.ts';
import { environmentOf, type LogLine, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';

const KEY = 'Bearer-0123456789abcdef';

let redis: OwnRedis;
let slack: LocalSlack;
let cluster: LocalCluster;
/** Takes connections and never answers: worse than none at all. */
const silent = createServer(() => {});
beforeAll(async () => {
  [redis, slack, cluster] = await Promise.all([startOwnRedis(), createLocalSlack(), createLocalCluster()]);
  await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
  cluster.apply(deployment('nginx', { namespace: 'default', replicas: 1 }));
});
afterAll(async () => {
  silent.close();
  await Promise.all([slack.close(), cluster.stop(), redis.stop()]);
});

test('a collector that does not answer harms no request, and is told of once', async () => {
  const opsbot = startOpsbot({
    env: {
      ...environmentOf({ slack, redis, kubeconfig: cluster.kubeconfig() }),
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(silent.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_HEADERS: `authorization=${KEY}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_TIMEOUT: '100',
      OTEL_BSP_SCHEDULE_DELAY: '20',
    },
  });
  await opsbot.ready;
  const [alice, bob] = [slack.person('alice'), slack.person('bob')];
  const { ts } = await alice.mentions('ops', 'scale deployment nginx 2');
  const card = await bob.waitsFor((m) => m.thread === ts && m.buttons.includes('Approve'), { in: 'ops' });
  await bob.clicks('Approve', { on: card });
  await bob.waitsFor((m) => m.ts === card.ts && m.text.includes('*Done*'), { in: 'ops', timeoutMs: 15_000 });

  const isWarning = (line: LogLine) => line.part === 'tracing';
  await opsbot.logged((line) => isWarning(line) && line.reason !== undefined);
  const stopping = performance.now();
  expect(await opsbot.stop()).toBe(0);
  expect(performance.now() - stopping).toBeLessThan(10_000);
  expect(opsbot.log.filter(isWarning).map(({ msg }) => msg)).toEqual([
    expect.stringContaining('OTEL_EXPORTER_OTLP_PROTOCOL (grpc)'),
    'traces are not sent as they should be; opsbot goes on without',
  ]);
  expect(opsbot.output.join('\n')).not.toContain(KEY);
}, 40_000);
