import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIncidentHub } from '../../jobs/incident-hub.ts';
import { createIncidentSweep } from '../../jobs/incident-sweep.ts';
import type { Finding } from '../../src/incidents/finding.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import { CLUSTER, HOUR, MINUTE, SECOND, sampleFinding, settings, T0 } from '../incidents/sample.ts';
import { startIncidentKit } from './incident-kit.ts';

const of = (name: string, over: Partial<Finding> = {}) =>
  sampleFinding('crash-loop', { owner: { kind: 'Deployment', namespace: 'shop', name }, ...over });

describe('a hub that makes incidents of findings', () => {
  let kit: Awaited<ReturnType<typeof startIncidentKit>>;
  beforeEach(async () => {
    kit = await startIncidentKit();
  });
  afterEach(() => kit.stop());

  const unshown = (channel = 'CALERTS') => kit.redis.zrange(kit.keys.unshown(channel), 0, '-1');
  async function only(): Promise<Incident> {
    const live = await kit.store.live(CLUSTER);
    expect(live).toHaveLength(1);
    return live[0] as Incident;
  }
  /** Until the quiet time is over. */
  async function resolve(): Promise<Incident> {
    await resolveAll();
    return only();
  }

  async function resolveAll(): Promise<void> {
    await kit.found([]);
    kit.clock.now += settings.quietMs;
    await kit.found([]);
  }

  it('opens an incident once, however many hubs look at the same time', async () => {
    await kit.tell([of('web'), of('api')]);
    const hubs = [kit, ...Array.from({ length: 4 }, () => kit.startHub())];
    await Promise.all(hubs.flatMap(({ hub }) => [hub.look(CLUSTER), hub.look(CLUSTER)]));
    const live = await kit.store.live(CLUSTER);
    expect(live.map(({ owner, version, state }) => [owner.name, version, state]).sort()).toEqual([
      ['api', 1, 'open'],
      ['web', 1, 'open'],
    ]);
    expect((await unshown()).sort()).toEqual(live.map(({ id }) => id).sort());
    expect(await kit.redis.smembers(kit.keys.unshownChannels)).toEqual(['CALERTS']);
  });

  it('lets no older picture overrule a newer one', async () => {
    await kit.found([of('web')]);
    const other = kit.startHub();
    await kit.tell([]);
    let meanwhile: (() => Promise<unknown>) | undefined = async () => {
      await kit.tell([of('web', { count: 7 })]);
      await other.hub.look(CLUSTER);
    };
    const slow = createIncidentHub({
      ...kit,
      settings,
      findings: {
        ...kit.findings,
        async picture(cluster) {
          const picture = await kit.findings.picture(cluster);
          const happens = meanwhile;
          meanwhile = undefined;
          await happens?.();
          return picture;
        },
      },
    });
    await slow.look(CLUSTER);
    expect(await only()).toMatchObject({ state: 'open', peak: 7, calmSince: undefined });
  });

  it('asks for evidence once, takes what was asked for, and gives up after two minutes', async () => {
    await kit.found([of('web')]);
    const { id } = await only();
    await kit.hub.look(CLUSTER);
    const jobs = await kit.queues.diagnoses(CLUSTER).getJobs();
    expect(jobs.map((job) => [job.id, job.data])).toEqual([
      [
        `${id}-${T0}-diagnose`,
        { type: 'diagnose', incident: id, since: T0, findings: [of('web')], validUntil: T0 + 2 * MINUTE },
      ],
    ]);
    const diagnosis = { facts: [{ label: 'Exit code', text: '1' }] };
    await kit.hub.diagnosed({ type: 'diagnosed', incident: id, since: T0 + 1, diagnosis });
    await kit.hub.diagnosed({ type: 'diagnosed', incident: 'i-none', since: T0, diagnosis });
    expect((await only()).notes).toEqual([]);
    const report = { type: 'diagnosed', incident: id, since: T0, diagnosis } as const;
    await Promise.all([kit.hub.diagnosed(report), kit.startHub().hub.diagnosed(report)]);
    expect(await only()).toMatchObject({ diagnosis: { state: 'done' }, notes: [{ type: 'evidence', diagnosis }] });

    await kit.found([of('web'), of('api')]);
    kit.clock.now += 2 * MINUTE;
    await kit.hub.look(CLUSTER);
    const api = (await kit.store.live(CLUSTER)).find(({ owner }) => owner.name === 'api');
    expect(api?.diagnosis).toEqual({ state: 'failed' });
  });

  it('keeps what is over for 30 days, but what is open for ever; a relapse is kept again', async () => {
    await kit.found([of('web')]);
    const key = kit.keys.incident((await only()).id);
    expect(await kit.redis.ttl(key)).toBe(-1);
    expect((await resolve()).state).toBe('resolved');
    expect(await kit.redis.ttl(key)).toBeGreaterThan(29 * 24 * 3600);
    kit.clock.now += MINUTE;
    await kit.found([of('web', { since: kit.clock.now, at: kit.clock.now })]);
    expect(await only()).toMatchObject({ state: 'open', episode: 2 });
    expect(await kit.redis.ttl(key)).toBe(-1);
  });

  it('counts the quiet from when the trouble was seen to go, not from what was heard last before', async () => {
    const told = (asOf: number, complete: boolean) =>
      kit.publisher.publish(1, { asOf: String(asOf), seenUntil: String(asOf), complete, changed: [], gone: [] });
    await kit.found([of('web')]);
    kit.clock.now += MINUTE;
    await told(T0, true);
    await kit.hub.look(CLUSTER);
    expect(await only()).toMatchObject({ resolvedAt: undefined, calmSince: T0 + MINUTE });
    await told(T0 + settings.quietMs, false);
    await kit.hub.look(CLUSTER);
    expect((await only()).resolvedAt).toBeUndefined();
    await told(T0 + MINUTE + settings.quietMs, false);
    await kit.hub.look(CLUSTER);
    expect(await only()).toMatchObject({ state: 'resolved', notes: [{ type: 'resolved', afterMs: MINUTE }] });
  });

  it('looks at what is past no more, but only by what the agent knows', async () => {
    await kit.found([of('web')]);
    const { id } = await resolve();
    kit.clock.now += settings.cooldownMs + 2 * HOUR;
    await kit.sweep.tidy();
    expect(await kit.store.live(CLUSTER)).toHaveLength(1);
    await kit.tell([of('web', { calmSince: T0 })]);
    await kit.sweep.tidy();
    expect(await kit.store.live(CLUSTER)).toHaveLength(1);
    await kit.tell([]);
    await kit.sweep.tidy();
    expect(await kit.store.live(CLUSTER)).toEqual([]);
    expect(await kit.store.get(id)).toMatchObject({ id, state: 'resolved' });
  });

  it('puts another incident in the place of one that is past its cooldown, or forgotten', async () => {
    await kit.found([of('web')]);
    const { id } = await resolve();
    kit.clock.now += settings.cooldownMs + MINUTE;
    await kit.found([of('web', { since: kit.clock.now, at: kit.clock.now })]);
    const next = await only();
    expect(next).toMatchObject({ state: 'open', episode: 1 });
    expect(next.id).not.toBe(id);
    expect(await kit.store.get(id)).toMatchObject({ state: 'resolved' });
    await kit.redis.del(kit.keys.incident(next.id));
    await kit.hub.look(CLUSTER);
    expect((await only()).id).not.toBe(next.id);
  });

  it('has one storm for many incidents, shown before them, until all are over', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await kit.tell(names.map((name) => of(name)));
    await Promise.all([kit.hub.look(CLUSTER), kit.startHub().hub.look(CLUSTER)]);
    const storm = await kit.store.storm('CALERTS');
    expect(storm).toMatchObject({ channel: 'CALERTS', endedAt: undefined });
    expect(storm?.members).toHaveLength(6);
    expect(await unshown()).toHaveLength(7);
    expect((await unshown())[0]).toBe(storm?.id);
    await kit.found([]);
    kit.clock.now += settings.quietMs;
    await kit.found([]);
    expect(await kit.store.storm('CALERTS')).toMatchObject({ id: storm?.id, endedAt: kit.clock.now });
    await kit.found(names.map((name) => of(name, { since: kit.clock.now, at: kit.clock.now })));
    const second = await kit.store.storm('CALERTS');
    expect(second?.id).not.toBe(storm?.id);
    expect(await kit.store.getStorm(storm?.id ?? '')).toMatchObject({ endedAt: expect.any(Number) });
    expect((await unshown()).slice(0, 2).sort()).toEqual([storm?.id, second?.id].sort());
  });

  it('has a storm again where the last one is forgotten', async () => {
    const many = Array.from({ length: 6 }, (_, i) => of(`web-${i}`));
    await kit.found(many);
    const first = await kit.store.storm('CALERTS');
    await resolveAll();
    await kit.redis.del(kit.keys.storm(first?.id ?? ''));
    kit.clock.now += 24 * HOUR;
    await kit.found(many);
    const second = await kit.store.storm('CALERTS');
    expect(second).toMatchObject({ startedAt: kit.clock.now, endedAt: undefined });
    expect(second?.id).not.toBe(first?.id);
  });

  it('gives no id twice, not even that of an incident of which only the message is left', async () => {
    await kit.found([of('web')]);
    const { id } = await only();
    await kit.surfaces.put('i-past', {
      channel: 'CALERTS',
      ts: '1.1',
      shown: undefined,
      told: 0,
      posting: undefined,
      gone: undefined,
    });
    const drawn = [id, 'i-past', 'i-free'];
    const unlucky = createIncidentHub({ ...kit, settings, newId: () => drawn.shift() ?? 'none is left' });
    await kit.tell([of('web'), of('api')]);
    await unlucky.look(CLUSTER);
    const live = await kit.store.live(CLUSTER);
    expect(live.map((one) => [one.owner.name, one.id]).sort()).toEqual([
      ['api', 'i-free'],
      ['web', id],
    ]);
  });

  it('makes up for a storm that a crash left out', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await kit.tell(names.map((name) => of(name)));
    const crashing = createIncidentHub({
      ...kit,
      settings,
      store: { ...kit.store, storm: () => Promise.reject(new Error('crashed')) },
    });
    await expect(crashing.look(CLUSTER)).rejects.toThrow('crashed');
    await kit.sweep.sweep();
    expect((await kit.store.storm('CALERTS'))?.members).toHaveLength(6);
  });

  it('looks again when something changed, when time alone may have, and else every ten seconds', async () => {
    let looks = 0;
    const counted = createIncidentSweep({
      ...kit,
      settings,
      hub: {
        look: (cluster) => {
          looks += 1;
          return kit.hub.look(cluster);
        },
      },
    });
    const looksOf = async (act: () => Promise<unknown>) => {
      looks = 0;
      await act();
      await counted.sweep();
      return looks;
    };
    expect(await looksOf(() => kit.tell([of('web')]))).toBe(1);
    const { id } = await only();
    expect(await looksOf(async () => undefined)).toBe(0);
    await kit.hub.diagnosed({ type: 'diagnosed', incident: id, since: T0, diagnosis: { facts: [] } });
    kit.clock.now += 10 * SECOND;
    expect(await looksOf(async () => undefined)).toBe(1);
    const beat = async () => {
      kit.clock.now += 2 * SECOND;
      const asOf = String(kit.clock.now);
      await kit.publisher.publish(1, { asOf, seenUntil: asOf, complete: false, changed: [], gone: [] });
    };
    expect(await looksOf(beat)).toBe(0);
    expect(await looksOf(() => kit.tell([]))).toBe(1);
    expect(await looksOf(beat)).toBe(1);
    expect(await looksOf(async () => undefined)).toBe(0);
    expect((await only()).calmSince).toBeDefined();
    await kit.desk.silence({ id, user: 'UBOB', ms: HOUR });
    await resolve();
    await counted.sweep();
    expect((await only()).silence).toBeDefined();
    expect(await looksOf(beat)).toBe(0);
  });
});
