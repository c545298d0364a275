import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createAuditStream } from '../../jobs/audit-stream.ts';
import { chain, GENESIS } from '../../src/requests/audit.ts';
import { checkpointIn } from '../../src/requests/checkpoint.ts';
import { createKeys } from '../../src/requests/keys.ts';
import { MANIFEST } from '../slack/demo.ts';
import { type OpsbotProcess, startOpsbot } from '../support/opsbot.ts';
import { startOwnRedis } from '../support/redis.ts';
import { createLocalSlack } from '../support/slack/local-slack.ts';

const DAY_MS = 86_400_000;
/** opsbot's own exit code where the log was tampered with. */
const TAMPERED = 2;

/** The program as it runs, two hubs of it: no cluster is needed to keep the log. */
describe('checkpoints of the audit log', { timeout: 60_000 }, async () => {
  const [slack, server, folder] = await Promise.all([
    createLocalSlack({ manifest: MANIFEST }),
    startOwnRedis(),
    mkdtemp(join(tmpdir(), 'opsbot-checkpoint-')),
  ]);
  const bob = slack.person('bob');
  const redis = new Redis(server.url);
  const keys = createKeys();
  const log = createAuditStream(redis, keys);
  const running: OpsbotProcess[] = [];

  afterEach(async () => {
    for (const opsbot of running.splice(0)) expect(await opsbot.stop()).toBe(0);
    expect(slack.takeViolations()).toEqual([]);
  });
  afterAll(async () => {
    redis.disconnect();
    await slack.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  async function startHub(config: string, level: string): Promise<OpsbotProcess> {
    const path = join(folder, 'opsbot.yaml');
    await writeFile(path, config);
    const env = {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      REDIS_URL: server.url,
      OPSBOT_ROLES: 'hub',
      OPSBOT_CONFIG: path,
      OPSBOT_HTTP_PORT: '0',
      LOG_LEVEL: level,
    };
    const opsbot = startOpsbot({ env });
    running.push(opsbot);
    return opsbot;
  }

  /** Exit code and words of `opsbot audit verify`. */
  async function verify(...args: string[]) {
    const opsbot = startOpsbot({ env: { REDIS_URL: server.url }, args: ['audit', 'verify', ...args] });
    return { code: await opsbot.ended, words: opsbot.output.join('\n') };
  }

  const messages = () => bob.sees('alerts').filter(({ text }) => text.includes('Audit log:'));
  /** As somebody copies it out of the channel. */
  const copied = (text: string) => /--checkpoint (\S+)/.exec(text)?.[1] ?? expect.fail(`no checkpoint: ${text}`);
  const nothingIsDue = () =>
    expect
      .poll(async () => JSON.parse((await redis.get(keys.checkpoint)) ?? '{}').due, { timeout: 10_000 })
      .toEqual([]);

  it('reach the channel and stdout once, and show what was taken off the end', async () => {
    const hub = await startHub('{}', 'info');
    await hub.ready;
    await slack.person('alice').mentions('ops', 'pods default');
    await slack.person('alice').mentions('ops', 'pods shop');
    await hub.stop();

    const signedIn = () => slack.calls('auth.test').length;
    const before = signedIn();
    const hubs = await Promise.all([1, 2].map(() => startHub('audit: { channel: CALERTS, file: stdout }', 'fatal')));
    const message = await bob.waitsFor(({ text }) => text.includes('Audit log:'), { in: 'alerts', timeoutMs: 15_000 });
    // Not even Node may be up yet in the other one.
    await slack.waitFor(() => signedIn() === before + 2 || undefined, { what: 'two hubs', timeoutMs: 15_000 });
    await nothingIsDue();
    for (const opsbot of hubs) expect(await opsbot.stop()).toBe(0);
    expect(messages()).toHaveLength(1);
    const printed = hubs.flatMap(({ output }) => output);
    const checkpoint = copied(message.text);
    expect(printed.map(checkpointIn).map((found) => found && `${found.entries}:${found.head}`)).toEqual([checkpoint]);

    const collected = join(folder, 'collected.log');
    await writeFile(collected, [...hub.output, ...printed].join('\n'));
    const both = ['--checkpoint', checkpoint, '--checkpoints', collected];
    expect(await verify(...both)).toMatchObject({ code: 0 });

    // The last entry that it covers, and what came since.
    const entries = await log.after(undefined, 1_000);
    const cut = Number.parseInt(checkpoint, 10) - 1;
    await redis.xdel(keys.audit, ...entries.slice(cut).map(({ id }) => id));
    await redis.set(keys.auditHead, entries[cut - 1]?.hash ?? '');
    // The chain alone cannot know.
    const [alone, held] = await Promise.all([verify(), verify(...both)]);
    expect([alone.code, held.code]).toEqual([0, TAMPERED]);
    expect(held.words.match(/NOT MET/g)).toHaveLength(2);
  });

  it('vouch for what retention removes, and for the rest', async () => {
    await redis.flushall();
    const old = Date.now() - 3 * DAY_MS;
    let head = GENESIS;
    for (let i = 0; i < 5; i += 1) {
      const owner = { kind: 'Deployment', namespace: 'shop', name: 'web' };
      const chained = chain(head, {
        at: old + i,
        event: 'silence-ended',
        actor: { user: 'UBOB' },
        cluster: 'a',
        owner,
      });
      await redis.xadd(keys.audit, `${old + i}-0`, 'hash', chained.hash, 'entry', chained.entry);
      head = chained.hash;
    }
    await redis.set(keys.auditHead, head);
    const file = join(folder, 'checkpoints.jsonl');
    await startHub(`audit: { file: ${file}, keep: 2d }`, 'fatal');
    await nothingIsDue();
    expect(await redis.xlen(keys.audit)).toBe(1);
    const whole = verify('--checkpoint', `5:${head}`, '--checkpoints', file);
    const another = verify('--checkpoint', `5:${'0'.repeat(64)}`);
    expect(await Promise.all([whole, another])).toMatchObject([{ code: 0 }, { code: TAMPERED }]);
  });
});
