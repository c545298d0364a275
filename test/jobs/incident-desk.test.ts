import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NotAllowedError, NotFoundError } from '../../src/errors.ts';
import type { FindingKind } from '../../src/incidents/finding.ts';
import { chain, GENESIS } from '../../src/requests/audit.ts';
import { CLUSTER, HOUR, MINUTE, SECOND, sampleFinding, settings, T0, WEB } from '../incidents/sample.ts';
import { startIncidentKit } from './incident-kit.ts';

const API = { ...WEB, name: 'api' };

describe('the desk for incidents', () => {
  let kit: Awaited<ReturnType<typeof startIncidentKit>>;
  beforeEach(async () => {
    kit = await startIncidentKit();
  });
  afterEach(() => kit.stop());

  async function opened(kind: FindingKind = 'crash-loop', owner = WEB) {
    await kit.found([sampleFinding(kind, { owner })]);
    const incident = (await kit.store.open()).find((open) => open.kind === kind && open.owner.name === owner.name);
    if (!incident) throw new Error('not opened');
    return incident;
  }

  /** Entries of the audit log, once its chain is found whole. */
  async function audited(): Promise<Record<string, unknown>[]> {
    let head = GENESIS;
    const entries = [];
    for (const [, [, hash, , text = '']] of await kit.redis.xrange(kit.keys.audit, '-', '+')) {
      const chained = chain(head, JSON.parse(text));
      expect(chained).toEqual({ entry: text, hash });
      head = chained.hash;
      entries.push(JSON.parse(text));
    }
    expect((await kit.redis.get(kit.keys.auditHead)) ?? GENESIS).toBe(head);
    return entries;
  }

  it('notes who is on it, and who takes over; each on the audit log', async () => {
    const { id } = await opened();
    kit.identities.set('UBOB', { name: 'bob', email: 'bob@example.com' });
    expect(await kit.desk.acknowledge({ id, user: 'UBOB' })).toMatchObject({
      incident: { acknowledged: { user: 'UBOB', at: T0 } },
      refused: undefined,
    });
    expect((await kit.desk.acknowledge({ id, user: 'UBOB' })).refused).toBe('You are on it already.');
    await kit.desk.acknowledge({ id, user: 'UEVE' });
    const incident = await kit.desk.get(id);
    expect(incident.acknowledged?.user).toBe('UEVE');
    expect(incident.notes.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'acknowledged'],
      [2, 'acknowledged'],
    ]);
    const { channel } = incident;
    const entry = { at: T0, event: 'incident-acknowledged', cluster: CLUSTER, owner: WEB, channel, incident: id };
    expect(await audited()).toEqual([
      { ...entry, actor: { user: 'UBOB' }, people: { UBOB: { name: 'bob', email: 'bob@example.com' } } },
      { ...entry, actor: { user: 'UEVE' } },
    ]);
    kit.identities.clear();
    expect(await kit.queues.channels.getJobCounts('waiting')).toEqual({ waiting: 1 });
  });

  it('loses nothing where many decide at once in many processes, and agents tell more meanwhile', async () => {
    const { id } = await opened();
    const desks = [kit, kit.startHub(), kit.startHub()];
    const people = Array.from({ length: 12 }, (_, i) => `U${i}`);
    await Promise.all([
      ...people.map((user, i) => desks[i % desks.length]?.desk.acknowledge({ id, user })),
      kit.found([sampleFinding('crash-loop', { count: 9 })]),
    ]);
    const incident = await kit.desk.get(id);
    const onIt = incident.notes.flatMap((note) => (note.type === 'acknowledged' ? note.user : []));
    expect(onIt.toSorted()).toEqual(people.toSorted());
    expect(incident.notes.map(({ seq }) => seq)).toEqual(people.map((_, i) => i + 1));
    expect(incident).toMatchObject({ version: 14, peak: 9, acknowledged: { user: onIt.at(-1) } });
    const entries = await audited();
    expect(entries.map(({ actor }) => (actor as { user: string }).user)).toEqual(onIt);
  });

  it('hears only full members, and says where an incident is forgotten', async () => {
    const { id } = await opened();
    kit.standings.set('UGUEST', 'guest');
    const by = { id, user: 'UGUEST' };
    await expect(kit.desk.acknowledge(by)).rejects.toThrow(NotAllowedError);
    await expect(kit.desk.silence({ ...by, ms: HOUR })).rejects.toThrow(NotAllowedError);
    await expect(kit.desk.endSilence({ cluster: CLUSTER, owner: WEB, user: 'UGUEST' })).rejects.toThrow(
      NotAllowedError,
    );
    await expect(kit.desk.acknowledge({ id: 'i-none', user: 'UBOB' })).rejects.toThrow(NotFoundError);
    await expect(kit.desk.get('i-none')).rejects.toThrow(NotFoundError);
    expect(await audited()).toEqual([]);
  });

  it('silences a workload for all its causes, also those to come, but no other', async () => {
    const findings = [
      sampleFinding('crash-loop'),
      sampleFinding('image-pull'),
      sampleFinding('crash-loop', { owner: API }),
    ];
    await kit.found(findings);
    const [first] = await kit.desk.open();
    const { id, owner, channel } = first as NonNullable<typeof first>;
    const silenced = { until: T0 + HOUR, by: 'UBOB' };
    expect(await kit.desk.silence({ id, user: 'UBOB', ms: HOUR })).toMatchObject({
      incident: { id, silence: silenced },
      refused: undefined,
    });
    await kit.found([...findings, sampleFinding('unschedulable', { owner })]);
    for (const incident of await kit.desk.open()) {
      expect(incident.silence).toEqual(incident.owner.name === owner.name ? silenced : undefined);
    }
    expect(await kit.desk.silences()).toEqual([{ cluster: CLUSTER, owner, by: 'UBOB', at: T0, until: T0 + HOUR }]);
    const entry = { at: T0, actor: { user: 'UBOB' }, cluster: CLUSTER, owner };
    const began = { ...entry, event: 'workload-silenced', channel, incident: id, until: T0 + HOUR };
    expect(await audited()).toEqual([began]);

    const end = { cluster: CLUSTER, owner, user: 'UEVE' };
    expect(await kit.desk.endSilence(end)).toEqual({ refused: undefined });
    expect((await kit.desk.endSilence(end)).refused).toBeDefined();
    expect((await kit.desk.open()).filter(({ silence }) => silence)).toEqual([]);
    await kit.hub.look(CLUSTER);
    expect((await kit.desk.open()).filter(({ silence }) => silence)).toEqual([]);
    expect(await audited()).toEqual([began, { ...entry, actor: { user: 'UEVE' }, event: 'silence-ended' }]);
  });

  it('does not silence again what was ended while a hub looked', async () => {
    const { id, owner } = await opened();
    await kit.desk.silence({ id, user: 'UBOB', ms: HOUR });
    const { silences } = kit.store;
    const ended = { cluster: CLUSTER, owner, user: 'UBOB' };
    const slow = kit.startHub();
    let meanwhile: (() => Promise<unknown>) | undefined = () => kit.desk.endSilence(ended);
    const live = slow.store.live;
    slow.store.live = async (cluster) => {
      const incidents = await live(cluster);
      const happens = meanwhile;
      meanwhile = undefined;
      await happens?.();
      return incidents;
    };
    await kit.tell([sampleFinding('crash-loop', { count: 4 })]);
    await slow.hub.look(CLUSTER);
    expect(await silences()).toEqual([]);
    expect(await kit.desk.get(id)).toMatchObject({ silence: undefined, peak: 4 });
  });

  it('forgets a silence whose time has come, and tells so in the thread', async () => {
    const { id } = await opened();
    await kit.desk.silence({ id, user: 'UBOB', ms: MINUTE });
    expect((await kit.desk.silence({ id, user: 'UBOB', ms: -1 })).refused).toBeDefined();
    kit.clock.now += MINUTE;
    expect(await kit.desk.silences()).toEqual([]);
    await kit.sweep.tidy();
    expect(await kit.redis.hlen(kit.keys.silences)).toBe(0);
    await kit.hub.look(CLUSTER);
    const incident = await kit.desk.get(id);
    expect(incident.silence).toBeUndefined();
    expect(incident.notes.at(-1)).toMatchObject({ type: 'unsilenced' });
  });

  it('lists what is open, the gravest and then the oldest first, and until when that is known', async () => {
    const aged = (kind: FindingKind, name: string, age: number) =>
      sampleFinding(kind, { owner: { ...WEB, name }, since: T0 - age, at: T0 - age });
    await kit.found([aged('image-pull', 'a', HOUR), aged('crash-loop', 'b', SECOND), aged('crash-loop', 'c', MINUTE)]);
    expect((await kit.desk.open()).map(({ owner }) => owner.name)).toEqual(['c', 'b', 'a']);
    expect(await kit.desk.watchedUntil(CLUSTER)).toBe(T0);
    expect(await kit.desk.watchedUntil('other')).toBeUndefined();
    await kit.found([]);
    kit.clock.now += settings.quietMs;
    await kit.found([]);
    expect(await kit.desk.open()).toEqual([]);
  });
});
