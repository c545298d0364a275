import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLocalCluster } from '../support/cluster/local-cluster.ts';
import type { LocalCluster } from '../support/cluster/local-cluster-contract.ts';
import { freePorts } from '../support/free-ports.ts';
import { environmentOf, startOpsbot } from '../support/opsbot.ts';
import { type OwnRedis, startOwnRedis } from '../support/redis.ts';
import { createLocalSlack, type LocalSlack } from '../support/slack/local-slack.ts';
import { isReady } from './rolling-fleet.ts';

/** In ms: a start that still waits is given 2 s, and a busy machine may take as long again. */
const ENDS_WITHIN_MS = 6_000;

describe('SIGTERM', () => {
  let redis: OwnRedis;
  let slack: LocalSlack;
  let cluster: LocalCluster;
  /** Takes every connection and says nothing. */
  let silence: Server;
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    [redis, slack, cluster] = await Promise.all([startOwnRedis(), createLocalSlack(), createLocalCluster()]);
    silence = createServer().listen(0, '127.0.0.1');
    await once(silence, 'listening');
    env = environmentOf({ slack, redis, kubeconfig: cluster.kubeconfig() });
  });
  afterEach(() => slack.clearFaults());
  afterAll(async () => {
    silence.close();
    await Promise.all([redis.stop(), slack.close(), cluster.stop()]);
  });

  /** Lets the calls of a method hang, all but the first few; resolves when one does. */
  function hangs(method: string, butFor = 0): Promise<void> {
    let calls = 0;
    return new Promise((resolve) => {
      const match = () => {
        if (calls++ < butFor) return false;
        resolve();
        return true;
      };
      slack.fault({ kind: 'hang', method, times: Number.POSITIVE_INFINITY, match });
    });
  }

  it.each([
    {
      waits: 'for Redis',
      begin: () => ({
        gotSoFar: once(silence, 'connection'),
        changes: { REDIS_URL: `redis://127.0.0.1:${(silence.address() as AddressInfo).port}` },
      }),
    },
    { waits: 'for Slack to say who it is', begin: () => ({ gotSoFar: hangs('auth.test') }) },
    // The first call looks whether the token is good.
    { waits: 'for its second connection', begin: () => ({ gotSoFar: hangs('apps.connections.open', 2) }) },
  ])('ends a start that still waits $waits, quickly and in order', async ({ begin }) => {
    const { gotSoFar, changes = {} }: { gotSoFar: Promise<unknown>; changes?: NodeJS.ProcessEnv } = begin();
    const [port] = await freePorts(1);
    const opsbot = startOpsbot({ env: { ...env, ...changes, OPSBOT_HTTP_PORT: String(port) } });
    await gotSoFar;
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    expect(await isReady({ health: `http://127.0.0.1:${port}/readyz` })).toBe(false);
    const from = performance.now();
    expect(await opsbot.stop()).toBe(0);
    expect(performance.now() - from).toBeLessThan(ENDS_WITHIN_MS);
    const said = opsbot.log.map(({ msg }) => msg);
    expect(said).toContain('stopping');
    expect(said).not.toContain('opsbot is running');
  });

  it('turns readiness off at once, and a second one changes nothing', async () => {
    const [port] = await freePorts(1);
    const opsbot = startOpsbot({ env: { ...env, OPSBOT_HTTP_PORT: String(port) } });
    await opsbot.ready;
    const readiness = `http://127.0.0.1:${port}/readyz`;
    await expect.poll(() => isReady({ health: readiness })).toBe(true);
    // What Slack does not answer holds the end up.
    const held = hangs('users.info');
    void slack.person('alice').mentions('ops', 'scale nginx 3');
    await held;
    const ended = opsbot.stop();
    await opsbot.logged(({ msg }) => msg === 'stopping');
    const { status, body } = await fetch(readiness).then(async (answer) => ({
      status: answer.status,
      body: await answer.text(),
    }));
    expect({ status, body }).toMatchObject({ status: 503, body: expect.stringContaining('opsbot is stopping') });
    process.kill(opsbot.pid, 'SIGTERM');
    process.kill(opsbot.pid, 'SIGINT');
    expect(await ended).toBe(0);
    expect(opsbot.log.at(-1)?.msg).toBe('stopped');
  });
});
