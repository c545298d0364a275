import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIncidentOutbox } from '../../jobs/incident-outbox.ts';
import { createPace } from '../../jobs/pace.ts';
import { UnavailableError } from '../../src/errors.ts';
import type { FindingKind } from '../../src/incidents/finding.ts';
import type { Incident } from '../../src/incidents/incident.ts';
import type { IncidentNotifier } from '../../src/incidents/incidents.ts';
import { RateLimited } from '../../src/requests/requests.ts';
import { CLUSTER, MINUTE, sampleFinding, T0, WEB } from '../incidents/sample.ts';
import { startIncidentKit } from './incident-kit.ts';
import { createStandInSlack } from './stand-in-slack.ts';

const CHANNEL = 'CALERTS';
const of = (name: string, kind: FindingKind = 'crash-loop', since = T0) =>
  sampleFinding(kind, { owner: { ...WEB, name }, since, at: since });

describe('the outbox of incidents', () => {
  let kit: Awaited<ReturnType<typeof startIncidentKit>>;
  beforeEach(async () => {
    kit = await startIncidentKit();
  });
  afterEach(() => kit.stop());

  function startOutbox(over: Partial<IncidentNotifier> = {}) {
    const stop = new AbortController();
    const slack = createStandInSlack(kit.surfaces, () => kit.clock.now - T0);
    const notifier = { ...slack.notifier, ...over };
    const outbox = createIncidentOutbox({
      ...kit,
      notifier,
      pace: createPace(kit.redis, kit.keys, kit.now),
      wait: async (ms) => {
        kit.clock.now += ms;
      },
    });
    return { calls: slack.calls, stop, notifier, run: () => outbox.showChannel(CHANNEL, stop.signal) };
  }

  async function incidentOf(name: string): Promise<Incident> {
    const incident = (await kit.store.live(CLUSTER)).find(({ owner }) => owner.name === name);
    if (!incident) throw new Error(`no ${name}`);
    return incident;
  }

  it('shows the storm first, then what is new, the gravest and then the oldest first, then what has changed', async () => {
    const { calls, run } = startOutbox();
    await kit.found([of('old', 'image-pull')]);
    await run();
    kit.clock.now += MINUTE;
    const since = T0 + MINUTE;
    const more = [
      of('warning', 'image-pull', since - 9),
      of('later', 'crash-loop', since - 1),
      of('a', 'crash-loop', since - 2),
      of('b', 'crash-loop', since - 3),
      of('c', 'crash-loop', since - 4),
    ];
    await kit.found([{ ...of('old', 'image-pull'), count: 5 }, ...more]);
    await run();
    expect(calls.map(({ what }) => what)).toEqual([
      'post old',
      'post storm',
      'post c',
      'post b',
      'post a',
      'post later',
      'post warning',
      'edit old',
    ]);
    expect(await kit.unshown.channels()).toEqual([]);
  });

  it('keeps a second between messages and 1.5 s between edits, and waits for nothing after a pause', async () => {
    const { calls, run } = startOutbox();
    await kit.found([of('a'), of('b'), of('c')]);
    await run();
    expect(calls.map(({ at }) => at)).toEqual([0, 1_000, 2_000]);
    kit.clock.now += MINUTE;
    calls.length = 0;
    await kit.found(['a', 'b', 'c'].map((name) => ({ ...of(name), count: 3 })));
    await run();
    expect(calls.map(({ what, at }) => [what.split(' ')[0], at - MINUTE - 2_000])).toEqual([
      ['edit', 0],
      ['edit', 1_500],
      ['edit', 3_000],
    ]);
  });

  it('keeps the pace together with other hubs, whatever their clocks say', async () => {
    await kit.found([of('a')]);
    await startOutbox().run();
    await kit.found([of('a'), of('b')]);
    const { calls, run } = startOutbox();
    await run();
    expect(calls).toEqual([{ what: 'post b', at: 1_000 }]);
    await kit.redis.hset(kit.keys.paced, CHANNEL, kit.clock.now + 10 * MINUTE);
    expect(await createPace(kit.redis, kit.keys, kit.now).waitMs(CHANNEL, false)).toBe(1_000);
  });

  it('spends no time on what makes no message', async () => {
    const { calls, run, notifier } = startOutbox();
    await kit.found([of('a'), of('b')]);
    const { id } = await incidentOf('a');
    const { show } = notifier;
    notifier.show = async (incident) => (incident.id === id ? 'done' : show(incident));
    await run();
    expect(calls).toEqual([{ what: 'post b', at: 0 }]);
    expect(await kit.unshown.channels()).toEqual([]);
  });

  it('shows the newest state once, however often it changed before', async () => {
    const { calls, run } = startOutbox();
    for (const count of [1, 2, 3]) await kit.found([{ ...of('a'), count }]);
    await run();
    expect(calls.map(({ what }) => what)).toEqual(['post a']);
    const { id, version } = await incidentOf('a');
    expect((await kit.surfaces.get(id))?.shown).toBe(String(version));
  });

  it('shows again what changes while it is shown', async () => {
    let meanwhile: (() => Promise<unknown>) | undefined = () => kit.found([{ ...of('a'), count: 8 }]);
    const { calls, run, notifier } = startOutbox();
    const { show } = notifier;
    notifier.show = async (incident) => {
      const answer = await show(incident);
      const happens = meanwhile;
      meanwhile = undefined;
      await happens?.();
      return answer;
    };
    await kit.found([of('a')]);
    await run();
    expect(calls.map(({ what }) => what)).toEqual(['post a', 'edit a']);
    const { id, version } = await incidentOf('a');
    expect((await kit.surfaces.get(id))?.shown).toBe(String(version));
    expect(await kit.unshown.channels()).toEqual([]);
  });

  it('tells a new incident before the thread of another', async () => {
    const { calls, run } = startOutbox();
    await kit.found([of('a'), of('b')]);
    await kit.desk.acknowledge({ id: (await incidentOf('a')).id, user: 'UBOB' });
    await run();
    expect(calls.map(({ what }) => what)).toEqual(['post a', 'post b', 'note a']);
  });

  it('leaves everything for later where Slack asks to wait or is away', async () => {
    await kit.found([of('a'), of('b')]);
    for (const error of [new RateLimited(3_000), new UnavailableError('Slack is away')]) {
      const { run } = startOutbox({ show: () => Promise.reject(error) });
      await expect(run()).rejects.toBe(error);
      expect(await kit.redis.zcard(kit.keys.unshown(CHANNEL))).toBe(2);
    }
    const { calls, run } = startOutbox();
    await run();
    expect(calls.map(({ what }) => what)).toEqual(['post a', 'post b']);
  });

  it('is not held up by what can never be shown; its next change is tried again', async () => {
    await kit.found([of('a'), of('b')]);
    const { id } = await incidentOf('a');
    const { calls, run, notifier } = startOutbox();
    const { show } = notifier;
    notifier.show = async (incident) => {
      if (incident.id === id && incident.peak === 1) throw new Error('invalid_blocks');
      return show(incident);
    };
    await run();
    expect(calls.map(({ what }) => what)).toEqual(['post b']);
    expect(await kit.unshown.channels()).toEqual([]);
    await kit.found([{ ...of('a'), count: 2 }, of('b')]);
    await run();
    expect(calls.map(({ what }) => what)).toEqual(['post b', 'post a']);
  });

  it('goes on with the others where Slack stumbles over one, which is tried again all the time', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    await kit.found(names.map((name) => of(name)));
    const { id } = await incidentOf('a');
    const { calls, run, notifier } = startOutbox();
    const { show } = notifier;
    let tries = 0;
    let isRepaired = false;
    notifier.show = async (incident) => {
      if (incident.id !== id) return show(incident);
      tries += 1;
      if (!isRepaired) throw new UnavailableError('internal_error');
      return show(incident);
    };
    await expect(run()).rejects.toThrow('internal_error');
    expect(calls.map(({ what }) => what)).toEqual(['post storm', ...names.slice(1).map((name) => `post ${name}`)]);
    expect(tries).toBe(2);
    isRepaired = true;
    await run();
    expect(calls.at(-1)?.what).toBe('post a');
    expect(await kit.unshown.channels()).toEqual([]);
  });

  it('drops what is forgotten', async () => {
    await kit.found([of('a')]);
    await kit.redis.del(kit.keys.incident((await incidentOf('a')).id));
    await kit.redis.zadd(kit.keys.unshown(CHANNEL), 1, 's-none');
    const { calls, run } = startOutbox();
    await run();
    expect(calls).toEqual([]);
    expect(await kit.unshown.channels()).toEqual([]);
  });

  it('stops after the call under way; what is left stays', async () => {
    await kit.found([of('a'), of('b')]);
    const { calls, run, stop, notifier } = startOutbox();
    const { show } = notifier;
    notifier.show = (incident) => {
      stop.abort();
      return show(incident);
    };
    await run();
    expect(calls.map(({ what }) => what)).toEqual(['post a']);
    expect(await kit.redis.zrange(kit.keys.unshown(CHANNEL), 0, '-1')).toEqual([(await incidentOf('b')).id]);
  });

  it('does not spin where there is always more', async () => {
    let shows = 0;
    const { run, stop } = startOutbox({
      show: async () => {
        shows += 1;
        if (shows === 4) stop.abort();
        return 'more';
      },
    });
    await kit.found([of('a')]);
    await run();
    expect(kit.clock.now - T0).toBe(3_000);
  });
});
