import { LogLevel, WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointStore } from '../../jobs/checkpoint-store.ts';
import { createAuditTrim } from '../../jobs/trim-audit.ts';
import { UnavailableError } from '../../src/errors.ts';
import { checkpointIn } from '../../src/requests/checkpoint.ts';
import type { CheckpointNotifier } from '../../src/requests/checkpoint-notifier.ts';
import { createCheckpointNotifier } from '../../src/slack/checkpoint-notifier.ts';
import { MANIFEST } from '../slack/demo.ts';
import { createLocalSlack } from '../support/slack/local-slack.ts';
import { DAY_MS, type OpenLog, startAuditKit } from './audit-kit.ts';

const [slack, kit] = await Promise.all([createLocalSlack({ manifest: MANIFEST }), startAuditKit()]);
const bob = slack.person('bob');
/** What Slack's side logs. */
const errors: string[] = [];
const notifier = createCheckpointNotifier({
  slack: new WebClient(slack.botToken, {
    slackApiUrl: slack.apiUrl,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  }),
  log: pino({ level: 'error' }, { write: (line: string) => errors.push(line) }),
});
afterAll(async () => {
  await kit.stop();
  await slack.close();
});

let audit: OpenLog;
beforeEach(() => {
  audit = kit.openLog();
});
afterEach(() => {
  slack.clearFaults();
  // Nobody listens to its events here.
  expect(slack.takeViolations().filter(({ kind }) => kind !== 'no-ack')).toEqual([]);
  expect(errors).toEqual([]);
});

/** Messages with this text that the channel has. */
const messages = (words: string) => bob.sees('ops').filter(({ text }) => text.includes(words));
const posts = () => slack.calls('chat.postMessage').length;

describe('the checkpoint of a day', () => {
  it('is made as soon as there is something in the log, and once', async () => {
    const hub = audit.hub({ notifier });
    await hub.keep();
    expect(audit.lines).toEqual([]);
    await audit.write(3);
    const { head } = await audit.end();
    for (let look = 0; look < 3; look += 1) await hub.keep();
    expect(audit.lines.map(checkpointIn)).toEqual([{ at: expect.any(Number), entries: 3, head }]);
    expect(messages(`3:${head}`)).toHaveLength(1);
  });

  it('is followed by another on the next day, which says what is new', async () => {
    const hub = audit.hub({ notifier });
    await audit.write(3);
    await hub.keep();
    await audit.write(2);
    await hub.keep();
    expect(audit.lines).toHaveLength(1);
    audit.clock.now += DAY_MS;
    await hub.keep();
    const { head } = await audit.end();
    expect(audit.lines.map(checkpointIn)).toEqual([
      expect.objectContaining({ entries: 3 }),
      expect.objectContaining({ entries: 5, head }),
    ]);
    expect(messages(`5:${head}`).map(({ text }) => text)).toEqual([expect.stringContaining('2 of them new')]);
  });

  it('spares a channel that knows it already, and nobody else', async () => {
    const hub = audit.hub({ notifier });
    await audit.write();
    await hub.keep();
    const before = posts();
    audit.clock.now += DAY_MS;
    await hub.keep();
    expect([audit.lines.length, posts() - before]).toEqual([2, 0]);
    audit.settings.channel = 'CALERTS';
    audit.clock.now += DAY_MS;
    await hub.keep();
    expect([audit.lines.length, posts() - before]).toEqual([3, 1]);
  });

  it.each<[string, () => Promise<unknown>, number]>([
    [
      'one was taken out',
      async () => audit.redis.xdel(audit.keys.audit, (await audit.log.after(undefined, 1))[0]?.id ?? ''),
      4,
    ],
    ['the whole log was', async () => audit.redis.del(audit.keys.audit, audit.keys.auditHead), 0],
  ])('warns where entries are gone: %s', async (_, tamper, left) => {
    const hub = audit.hub({ notifier });
    await audit.write(5);
    await hub.keep();
    await tamper();
    audit.clock.now += DAY_MS;
    await hub.keep();
    const { head } = await audit.end();
    expect(messages(`${left}:${head}`).map(({ text }) => text)).toEqual([
      expect.stringContaining(`${5 - left} fewer than at the last checkpoint`),
    ]);
  });

  it('is one, whatever number of hubs look at once', async () => {
    await audit.write(2);
    const { head } = await audit.end();
    await Promise.all(Array.from({ length: 5 }, () => audit.hub({ notifier }).keep()));
    await audit.hub({ notifier }).keep();
    expect(messages(`2:${head}`)).toHaveLength(1);
    expect(audit.lines).toHaveLength(1);
  });

  it('is made each day also after a clock was wrong by years', async () => {
    const hub = audit.hub({ notifier });
    await audit.write();
    audit.clock.now += 1_000 * DAY_MS;
    await hub.keep();
    audit.clock.now -= 1_000 * DAY_MS;
    for (let look = 0; look < 3; look += 1) await hub.keep();
    expect(audit.lines).toHaveLength(2);
  });

  it('counts what is there and what retention has removed, of one moment', async () => {
    await audit.write(4);
    await audit.redis.set(audit.keys.auditRemoved, '1000');
    const writing = audit.write(40);
    for (let look = 0; look < 20; look += 1) {
      const { entries, head, last } = await audit.end();
      const upTo = (await audit.log.after(undefined, 1_000)).filter((_, index) => index < entries - 1_000);
      expect(upTo.at(-1)).toMatchObject({ id: last, hash: head });
    }
    await writing;
  });
});

describe('where something goes wrong', () => {
  it('Redis loses its last second: no checkpoint has told of what is gone', async () => {
    await audit.write(2);
    const kept = await audit.end();
    await audit.write();
    const loseIt = async () => {
      const { last } = await audit.end();
      await audit.redis.del(audit.keys.checkpoint, audit.keys.auditKeeper);
      await audit.redis.xdel(audit.keys.audit, last ?? '');
      await audit.redis.set(audit.keys.auditHead, kept.head);
    };
    const before = posts();
    await audit.hub({ notifier, wait: loseIt }).keep();
    expect([audit.lines.length, posts() - before]).toEqual([0, 0]);
    await audit.write(2);
    await audit.hub({ notifier }).keep();
    expect(audit.lines.map(checkpointIn)).toEqual([expect.objectContaining({ entries: 4 })]);
  });

  it('Slack’s answer is lost: the message is found again', async () => {
    const hub = audit.hub({ notifier });
    await audit.write();
    const { head } = await audit.end();
    slack.fault({ kind: 'lose-answer', method: 'chat.postMessage' });
    await hub.keep();
    expect((await audit.state())?.due).toEqual(['channel']);
    await hub.keep();
    expect((await audit.state())?.due).toEqual([]);
    expect(messages(`1:${head}`)).toHaveLength(1);
    expect(audit.lines).toHaveLength(1);
  });

  it('Slack asks to wait: no hub asks before', async () => {
    await audit.write();
    slack.fault({ kind: 'ratelimited', retryAfter: 300, method: 'chat.postMessage' });
    await audit.hub({ notifier }).keep();
    const before = posts();
    audit.clock.now += 299_000;
    await audit.hub({ notifier }).keep();
    expect(posts()).toBe(before);
    audit.clock.now += 1_001;
    await audit.hub({ notifier }).keep();
    expect(posts()).toBe(before + 1);
    expect((await audit.state())?.due).toEqual([]);
  });

  it('the channel is gone: that is logged, once, and the next day’s is tried', async () => {
    const hub = audit.hub({ notifier });
    await audit.write();
    slack.fault({ kind: 'error', error: 'is_archived', method: 'chat.postMessage' });
    for (let look = 0; look < 3; look += 1) await hub.keep();
    expect((await audit.state())?.due).toEqual([]);
    expect(errors.splice(0)).toEqual([expect.stringContaining('does not take the audit log')]);
    audit.clock.now += DAY_MS;
    const before = posts();
    await hub.keep();
    expect(posts()).toBe(before + 1);
    expect(messages((await audit.end()).head)).toHaveLength(1);
  });

  it('the file cannot be written: the channel gets it, and the file later', async () => {
    let isFull = true;
    const append = async (line: string) => {
      if (isFull) throw new Error('ENOSPC');
      audit.lines.push(line);
    };
    const hub = audit.hub({ notifier, append });
    await audit.write();
    await hub.keep();
    expect(messages((await audit.end()).head)).toHaveLength(1);
    expect((await audit.state())?.due).toEqual(['file']);
    isFull = false;
    await hub.keep();
    expect(audit.lines).toHaveLength(1);
    expect((await audit.state())?.due).toEqual([]);
  });

  it('Slack is away all day: the next day’s takes its place, and the file had both', async () => {
    const away: CheckpointNotifier = { post: () => Promise.reject(new UnavailableError('Slack did not answer.')) };
    await audit.write();
    const first = await audit.end();
    for (let look = 0; look < 3; look += 1) await audit.hub({ notifier: away }).keep();
    audit.clock.now += DAY_MS;
    await audit.write();
    await audit.hub({ notifier }).keep();
    const second = await audit.end();
    expect(audit.lines.map((line) => checkpointIn(line)?.head)).toEqual([first.head, second.head]);
    expect([messages(first.head).length, messages(second.head).length]).toEqual([0, 1]);
  });

  it('a hub that stood still for too long posts nothing any more', async () => {
    await audit.write();
    const before = posts();
    const hub = audit.hub({
      notifier,
      append: async () => {
        await audit.redis.set(audit.keys.auditKeeper, 'another hub');
      },
    });
    await expect(hub.keep()).rejects.toThrow('Another hub');
    expect(posts()).toBe(before);
    expect((await audit.state())?.due).toContain('file');
  });
});

describe('retention', () => {
  const left = async () => (await audit.log.after(undefined, 100)).length;

  it('waits for the checkpoint to be delivered', async () => {
    audit.settings.keepMs = 10 * DAY_MS;
    await audit.writeOld(5, 20 * DAY_MS);
    const away: CheckpointNotifier = { post: () => Promise.reject(new UnavailableError('Slack did not answer.')) };
    for (let look = 0; look < 3; look += 1) await audit.hub({ notifier: away }).keep();
    expect(await left()).toBe(5);
    await audit.hub({ notifier }).keep();
    expect(await left()).toBe(1);
    expect((await audit.state())?.due).toEqual([]);
  });

  it('removes nothing where the one place for checkpoints takes none', async () => {
    audit.settings.keepMs = 10 * DAY_MS;
    await audit.writeOld(5, 20 * DAY_MS);
    slack.fault({ kind: 'error', error: 'not_in_channel', method: 'chat.postMessage' });
    await audit.hub({ notifier, append: undefined }).keep();
    expect(errors.splice(0)).toHaveLength(1);
    expect((await audit.state())?.due).toEqual([]);
    expect(await left()).toBe(5);
  });

  it('removes what an earlier checkpoint covers, not what only today’s would have', async () => {
    const hub = audit.hub({ notifier, append: undefined });
    await audit.write(3);
    await hub.keep();
    audit.clock.now += 20 * DAY_MS;
    audit.settings.keepMs = 10 * DAY_MS;
    await audit.write(4);
    slack.fault({ kind: 'error', error: 'is_archived', method: 'chat.postMessage' });
    await hub.keep();
    expect(errors.splice(0)).toHaveLength(1);
    expect(await left()).toBe(4 + 1);
    audit.clock.now += DAY_MS;
    await hub.keep();
    expect(await left()).toBe(1);
  });
});

describe('a hub that dies', () => {
  type Name = 'end' | 'append' | 'save' | 'post' | 'trim';

  /** Ports of a hub that dies before or after its n-th call of one of them, and does nothing from then on. */
  function dyingAt(call: number, side: 'before' | 'after', hit: (name: Name) => void) {
    let calls = 0;
    let isDead = false;
    return async <T>(name: Name, work: () => Promise<T>): Promise<T> => {
      const isIts = ++calls === call;
      if (isIts) hit(name);
      if (isDead || (isIts && side === 'before')) {
        isDead = true;
        throw new Error('killed');
      }
      const result = await work();
      if (isIts) {
        isDead = true;
        throw new Error('killed');
      }
      return result;
    };
  }

  async function story(call: number, side: 'before' | 'after'): Promise<Name | undefined> {
    const log = kit.openLog();
    log.settings.keepMs = 10 * DAY_MS;
    await log.writeOld(5, 20 * DAY_MS);
    await log.write(2);
    const { head } = await log.end();
    let killedAt: Name | undefined;
    const at = dyingAt(call, side, (name) => {
      killedAt = name;
    });
    const store = createCheckpointStore(log.redis, log.keys);
    const victim = log.hub({
      notifier: { post: (notice, posting) => at('post', () => notifier.post(notice, posting)) },
      append: (line) => at('append', async () => void log.lines.push(line)),
      end: () => at('end', () => log.end()),
      trim: (trim, signal) => at('trim', () => createAuditTrim(log)(trim, signal)),
      store: {
        ...store,
        inTurn: (task) =>
          store.inTurn((turn) => task({ save: (state) => at('save', () => turn.save(state)) }).catch(() => undefined)),
      },
    });
    await victim.keep().catch(() => undefined);
    await log.hub({ notifier }).keep();
    await log.hub({ notifier }).keep();
    expect(messages(`7:${head}`), `${side} ${call}`).toHaveLength(1);
    expect([...new Set(log.lines)].map(checkpointIn)).toEqual([expect.objectContaining({ entries: 7, head })]);
    expect((await log.log.after(undefined, 100)).length, `${side} ${call}`).toBe(3);
    expect(await log.redis.get(log.keys.auditRemoved)).toBe('5');
    return killedAt;
  }

  it.each(['before', 'after'] as const)('%s any step: nothing is lost, nothing told or removed twice', async (side) => {
    const killed: Name[] = [];
    for (let call = 1; ; call += 1) {
      const name = await story(call, side);
      if (name === undefined) break;
      killed.push(name);
    }
    expect(killed).toEqual(['end', 'save', 'append', 'save', 'post', 'save', 'save', 'trim', 'save']);
  });
});
