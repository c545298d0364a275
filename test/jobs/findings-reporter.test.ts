import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFindingsPublisher, type FindingsPublisher } from '../../jobs/findings-publisher.ts';
import { createFindingsReporter } from '../../jobs/findings-reporter.ts';
import type { SignsPicture } from '../../src/kubernetes/signs.ts';
import { CLUSTER, HOUR, MINUTE, SECOND, settings, signsPicture, T0, troubledPod } from '../incidents/sample.ts';
import { startIncidentKit } from './incident-kit.ts';

const crashing = (name: string, owner = name) =>
  troubledPod([{}], { name, owner: { kind: 'Deployment', name: owner, uid: `d-${owner}` } });

describe('an agent that reports findings', () => {
  let kit: Awaited<ReturnType<typeof startIncidentKit>>;
  beforeEach(async () => {
    kit = await startIncidentKit();
  });
  afterEach(() => kit.stop());

  /** One agent process: what it sees and whether it holds the Lease is up to the test. */
  function startAgent(term: number | undefined, over: Partial<FindingsPublisher> = {}) {
    const publisher = {
      ...createFindingsPublisher({ redis: kit.redis, keys: kit.keys, cluster: CLUSTER, now: kit.now }),
      ...over,
    };
    const agent = { term, picture: signsPicture(), pokes: 0 };
    const listeners = new Set<() => void>();
    const onChange = (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    };
    const reporter = createFindingsReporter({
      signs: { read: () => agent.picture, onChange },
      lease: { holder: () => (agent.term === undefined ? undefined : { transitions: agent.term }), onChange },
      publisher,
      poke: async () => {
        agent.pokes += 1;
      },
      pendingMs: settings.pendingMs,
      logger: pino({ level: 'silent' }),
      now: kit.now,
    });
    return {
      agent,
      reporter,
      announce: () => {
        for (const listener of listeners) listener();
      },
      async sees(picture: Partial<SignsPicture>): Promise<void> {
        agent.picture = signsPicture({ asOf: kit.clock.now, ...picture });
        await reporter.report();
      },
    };
  }

  const owners = async () => (await kit.findings.picture(CLUSTER))?.findings.map(({ owner }) => owner.name).sort();

  it('tells the complete set first, and then what changes, and wakes the hub for changes only', async () => {
    const { agent, sees } = startAgent(3);
    await sees({ pods: [crashing('web'), crashing('api')] });
    expect(await owners()).toEqual(['api', 'web']);
    expect(await kit.redis.smembers(kit.keys.clusters)).toEqual([CLUSTER]);
    expect(agent.pokes).toBe(1);
    const { findings: version } = await kit.findings.mark(CLUSTER);
    kit.clock.now += SECOND;
    await sees({ pods: [crashing('web'), crashing('api')] });
    expect(await kit.findings.mark(CLUSTER)).toEqual({ findings: version, asOf: T0 });
    kit.clock.now += SECOND;
    await sees({ pods: [crashing('web'), crashing('api')] });
    expect(await kit.findings.mark(CLUSTER)).toEqual({ findings: version, asOf: T0 + 2 * SECOND });
    expect(agent.pokes).toBe(1);
    await sees({ pods: [crashing('web'), crashing('db')] });
    expect(await owners()).toEqual(['db', 'web']);
    expect(agent.pokes).toBe(2);
  });

  it('tells which namespaces it may not read, as long as that is so', async () => {
    const { sees } = startAgent(3);
    const unseen = async () => (await kit.findings.picture(CLUSTER))?.unseen;
    await sees({ unseen: ['lab'] });
    expect(await unseen()).toEqual(['lab']);
    kit.clock.now += 2 * SECOND;
    await sees({});
    expect(await unseen()).toBeUndefined();
  });

  it('goes on telling that the findings are right where its clock was put back', async () => {
    const { sees } = startAgent(3);
    await sees({});
    kit.clock.now -= HOUR;
    await sees({});
    expect((await kit.findings.mark(CLUSTER)).asOf).toBe(T0 - HOUR);
  });

  it('says nothing without the Lease, nor before every list was complete', async () => {
    const { agent, sees } = startAgent(undefined);
    await sees({ pods: [crashing('web')] });
    agent.term = 1;
    await sees({ complete: false, pods: [crashing('web')] });
    expect(await kit.redis.exists(kit.keys.findings(CLUSTER))).toBe(0);
  });

  it('is refused once another has taken over, with changes and with a complete set', async () => {
    const [old, next] = [startAgent(3), startAgent(4)];
    await old.sees({ pods: [crashing('web')] });
    kit.clock.now += MINUTE;
    await next.sees({ pods: [crashing('api')] });
    await old.sees({ pods: [crashing('web'), crashing('db')] });
    expect(await owners()).toEqual(['api']);
    await old.sees({ pods: [crashing('web'), crashing('db')] });
    const late = { asOf: String(T0), seenUntil: String(T0), changed: [] as [string, string][], gone: [] };
    for (const complete of [true, false]) expect(await kit.publisher.publish(3, { complete, ...late })).toBe(false);
    expect(await kit.publisher.claim(3)).toBeUndefined();
    expect(await owners()).toEqual(['api']);
    expect(await kit.publisher.lastTerm()).toBe(4);
  });

  it('tells everything again where a replica took over that had not got the last of it', async () => {
    const { sees } = startAgent(3);
    const findings = kit.keys.findings(CLUSTER);
    await sees({ pods: [crashing('web')] });
    const replica = await kit.redis.dumpBuffer(findings);
    await sees({ pods: [crashing('web'), crashing('api')] });
    await kit.redis.restore(findings, 0, replica, 'REPLACE');
    expect(await owners()).toEqual(['web']);
    for (let look = 0; look < 2; look++) {
      kit.clock.now += 2 * SECOND;
      await sees({ pods: [crashing('web'), crashing('api')] });
    }
    expect(await owners()).toEqual(['api', 'web']);
  });

  it('drops on taking over what is gone, and knows until when the other had watched', async () => {
    const [old, next] = [startAgent(3), startAgent(4)];
    await old.sees({ pods: [crashing('web'), crashing('api')] });
    kit.clock.now += MINUTE;
    await next.sees({ pods: [crashing('api')] });
    expect(await kit.findings.picture(CLUSTER)).toMatchObject({
      findings: [{ owner: { name: 'api' } }],
      asOf: T0 + MINUTE,
      watchingSince: T0 + MINUTE,
      watchedUntil: T0,
    });
  });

  it.each([
    ['though a quiet cluster was last heard of a minute before', T0 + MINUTE, T0 + MINUTE],
    ['but not after its watches had died', T0 + 10 * MINUTE, T0],
  ])('had watched until it told last, %s', async (_, toldLast, watchedUntil) => {
    const [old, next] = [startAgent(3), startAgent(4)];
    await old.sees({ asOf: T0 });
    kit.clock.now = toldLast;
    await old.sees({ asOf: T0 });
    kit.clock.now = toldLast + 15 * SECOND;
    await next.sees({});
    expect(await kit.findings.picture(CLUSTER)).toMatchObject({ watchedUntil });
  });

  it('claims its term once: asked again it is told the same, and the former holder’s last word stays', async () => {
    await startAgent(3).sees({});
    kit.clock.now += MINUTE;
    const claimed = await kit.publisher.claim(4);
    expect(claimed).toEqual({ number: 4, firstWatched: T0, watchingSince: T0 + MINUTE, watchedUntil: T0 });
    await kit.publisher.publish(4, {
      asOf: String(kit.clock.now),
      seenUntil: String(kit.clock.now),
      complete: true,
      changed: [],
      gone: [],
    });
    kit.clock.now += MINUTE;
    expect(await kit.publisher.claim(4)).toEqual(claimed);
  });

  it('tells everything again where an answer was lost, written or not', async () => {
    let lost: 'before' | 'after' | undefined;
    const { sees } = startAgent(3, {
      async publish(term, told) {
        if (lost === 'before') throw new Error('lost');
        const written = await kit.publisher.publish(term, told);
        if (lost === 'after') throw new Error('lost');
        return written;
      },
    });
    await sees({ pods: [crashing('web')] });
    lost = 'after';
    await expect(sees({ pods: [crashing('web'), crashing('api')] })).rejects.toThrow('lost');
    lost = undefined;
    await sees({ pods: [crashing('web')] });
    expect(await owners()).toEqual(['web']);
    lost = 'before';
    await expect(sees({ pods: [crashing('db')] })).rejects.toThrow('lost');
    lost = undefined;
    await sees({ pods: [crashing('db')] });
    expect(await owners()).toEqual(['db']);
  });

  it('begins anew where Redis has forgotten everything', async () => {
    const { sees } = startAgent(3);
    await sees({ pods: [crashing('web'), crashing('api')] });
    await kit.redis.del(kit.keys.findings(CLUSTER));
    await sees({ pods: [crashing('web'), crashing('db')] });
    await sees({ pods: [crashing('web'), crashing('db')] });
    expect(await owners()).toEqual(['db', 'web']);
  });

  it('tells when it saw a change, also where a quiet part of the cluster was heard of long before', async () => {
    const { sees } = startAgent(3);
    const asOf = T0;
    await sees({ asOf, pods: [crashing('web')] });
    kit.clock.now += MINUTE;
    await sees({ asOf, pods: [] });
    expect(await kit.findings.picture(CLUSTER)).toMatchObject({ findings: [], asOf: T0, changedAt: T0 + MINUTE });
    await kit.hub.look(CLUSTER);
    kit.clock.now += MINUTE;
    await sees({ asOf: T0 + 2 * MINUTE, pods: [] });
    expect(await kit.findings.picture(CLUSTER)).toMatchObject({ asOf: T0 + 2 * MINUTE, changedAt: T0 + MINUTE });
  });

  it('lets no secret out', async () => {
    const message = 'pull failed: https://bob:hunter2@registry.example/x <!channel>';
    const { sees } = startAgent(3);
    await sees({ pods: [troubledPod([{ reason: 'ErrImagePull', message }])] });
    const stored = JSON.stringify(await kit.redis.hgetall(kit.keys.findings(CLUSTER)));
    expect(stored).toContain('registry.example');
    expect(stored).not.toContain('hunter2');
  });

  it('tells a change at once, and nothing more after it was stopped', async () => {
    const { agent, reporter, announce } = startAgent(3);
    const running = reporter.start();
    await expect.poll(owners).toEqual([]);
    agent.picture = signsPicture({ pods: [crashing('web')] });
    announce();
    await expect.poll(owners, { interval: 5 }).toEqual(['web']);
    await running.stop();
    agent.picture = signsPicture({ pods: [crashing('api')] });
    announce();
    await new Promise((resolve) => setImmediate(resolve));
    expect(await owners()).toEqual(['web']);
  });
});
