import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import type { Incident, Storm } from '../../src/incidents/incident.ts';
import { RateLimited } from '../../src/requests/requests.ts';
import type { Fault } from '../support/slack/faults.ts';
import { DIAGNOSED, findingOf, incidentOf, notesOf } from '../views/incident-of.ts';
import { startSlackKit } from './slack-kit.ts';

const CHANNEL = 'COPS';
const kit = await startSlackKit();
beforeEach(() => kit.slack.clearFaults());
afterEach(() => expect(kit.problems).toEqual([]));
afterAll(() => kit.stop());

let count = 0;
/** A new incident, in trouble since a moment ago. */
const fresh = (change: Partial<Incident> = {}) =>
  incidentOf({ id: `i-${++count}`, cluster: 'demo', channel: CHANNEL, noticedAt: Date.now(), ...change });
const named = (name: string) => [findingOf('crash-loop', { owner: { kind: 'Deployment', namespace: 'shop', name } })];

const { incidentNotifier } = kit.app;
const show = (incident: Incident) => incidentNotifier.show(incident);

/** As the outbox does; gives the number of calls it took. */
async function showAll(incident: Incident): Promise<number> {
  for (let calls = 1; ; calls += 1) if ((await show(incident)) === 'done') return calls;
}

/** The same, however often it goes wrong; gives what went wrong. */
async function stubbornly(incident: Incident): Promise<unknown[]> {
  const problems: unknown[] = [];
  for (let answer: unknown; answer !== 'done'; ) {
    answer = await show(incident).catch((error: unknown) => problems.push(error));
    await kit.forgetLimits();
  }
  return problems;
}

const surface = (incident: Pick<Incident, 'id'>) => kit.incidentSurfaces.get(incident.id);

/** The messages of the incident as people see them, the root first. */
async function thread(incident: Pick<Incident, 'id'>) {
  const ts = (await surface(incident))?.ts;
  return ts === undefined ? [] : kit.bob.thread({ channel: CHANNEL, ts });
}

const texts = async (incident: Pick<Incident, 'id'>) => (await thread(incident)).map(({ text }) => text);
const roots = (name: string) =>
  kit.bob.sees('ops').filter(({ text, thread: root, ts }) => text.includes(name) && (!root || root === ts));
const writes = () => [...kit.slack.calls('chat.postMessage'), ...kit.slack.calls('chat.update')].length;

describe('an incident', () => {
  it('is one message, edited in place, with its story in the thread, each note once and in order', async () => {
    const incident = fresh({ notes: notesOf(DIAGNOSED, { type: 'acknowledged', user: 'UBOB' }) });
    expect(await showAll(incident)).toBe(3);
    expect(await texts(incident)).toEqual([
      expect.stringContaining('CrashLoopBackOff, 1 pod'),
      expect.stringContaining('panic: no config'),
      expect.stringContaining('is on it'),
    ]);
    const over = { ...incident, state: 'resolved' as const, calmSince: Date.now(), resolvedAt: Date.now() };
    const notes = [...incident.notes, { seq: 3, at: Date.now(), type: 'resolved' as const, afterMs: 60_000 }];
    expect(await showAll({ ...over, notes })).toBe(2);
    const [root, ...replies] = await thread(incident);
    expect(root?.text).toContain('over after 60 s');
    expect(root?.buttons).toEqual([]);
    expect(replies).toHaveLength(3);
    expect(replies.at(-1)?.text).toContain('Over after 60 s.');
  });

  it('makes at most one message or edit a call, and none where nothing has changed', async () => {
    const incident = fresh({ notes: notesOf(DIAGNOSED, { type: 'acknowledged', user: 'UBOB' }) });
    for (const expected of ['more', 'more', 'done', 'done', 'done'] as const) {
      const before = writes();
      expect(await show(incident)).toBe(expected);
      expect(writes() - before).toBeLessThanOrEqual(1);
    }
    const before = kit.slack.journal.length;
    await show(incident);
    expect(kit.slack.journal).toHaveLength(before);
  });

  it('shows the newest state, not those in between', async () => {
    const incident = fresh({ findings: named('coalesced') });
    await showAll(incident);
    const before = writes();
    const finding = findingOf('crash-loop', { ...named('coalesced')[0], count: 400 });
    expect(await showAll({ ...incident, findings: [finding], peak: 400, version: 99 })).toBe(1);
    expect(writes() - before).toBe(1);
    expect(roots('coalesced').map(({ text }) => text)).toEqual([expect.stringContaining('400 pods')]);
  });

  it('that changes all the time keeps neither its thread waiting nor, by a long one, its message', async () => {
    const incident = fresh();
    await showAll(incident);
    const notes = notesOf(DIAGNOSED, { type: 'acknowledged', user: 'UBOB' });
    const during = (peak: number) => ({ ...incident, notes, peak });
    const seen: number[] = [];
    for (let peak = 11; peak <= 14; peak += 1) {
      await show(during(peak));
      const [root, ...replies] = await thread(incident);
      expect(root?.text.includes(`At most ${peak} pods`)).toBe(peak % 2 === 0);
      seen.push(replies.length);
    }
    expect(seen).toEqual([1, 1, 2, 2]);
    expect(await show(during(14))).toBe('done');
  });

  it('that is over turns green before its thread is told what it has not been told yet', async () => {
    const incident = fresh();
    await showAll(incident);
    const notes = notesOf(DIAGNOSED, { type: 'resolved', afterMs: 60_000 });
    const over: Incident = { ...incident, state: 'resolved', calmSince: Date.now(), notes };
    await show(over);
    expect(await texts(over)).toEqual([expect.stringContaining('over after')]);
    expect(await showAll(over)).toBe(2);
    expect(await thread(over)).toHaveLength(3);
  });

  it('that was over before its turn came is told all the same', async () => {
    const notes = notesOf({ type: 'resolved', afterMs: 60_000 });
    const incident = fresh({ state: 'resolved', calmSince: Date.now(), notes });
    expect(await showAll(incident)).toBe(2);
    expect(await texts(incident)).toEqual([
      expect.stringContaining('over after'),
      expect.stringContaining('Over after 60 s.'),
    ]);
  });

  it('that is back goes on in the same thread', async () => {
    const incident = fresh({ findings: named('relapse') });
    await showAll(incident);
    const [finding] = named('relapse');
    const notes = notesOf(
      { type: 'resolved', afterMs: 60_000 },
      { type: 'reopened', finding: finding as never, episode: 2 },
    );
    await showAll({ ...incident, episode: 2, notes });
    expect(roots('relapse')).toHaveLength(1);
    expect((await texts(incident)).at(-1)).toContain('It is back, for the 2nd time');
  });

  it('that is back is shown in the channel too where it is critical, but not one that keeps coming back', async () => {
    const minutes = (count: number) => Date.now() + count * 60_000;
    const story = (kind: 'crash-loop' | 'image-pull', name: string, ...at: number[]) => {
      const finding = findingOf(kind, { owner: { kind: 'Deployment', namespace: 'shop', name } });
      const notes = at.map((time, index) => {
        return { type: 'reopened' as const, seq: index + 1, at: time, finding, episode: index + 2 };
      });
      return fresh({ findings: [finding], notes });
    };
    const flapping = story('crash-loop', 'flapping', minutes(0), minutes(20), minutes(90));
    const harmless = story('image-pull', 'harmless', minutes(0));
    for (const incident of [flapping, harmless]) {
      await showAll({ ...incident, notes: [] });
      await showAll(incident);
    }
    const messages = [...kit.slack.channel('ops').messages.values()];
    const isOurs = ({ text }: { text: string }) => /flapping|harmless/.test(text);
    const shown = messages.filter((message) => message.subtype === 'thread_broadcast' && isOurs(message));
    expect(shown.map(({ text }) => text.match(/\d.. time: .Deployment \w+/)?.[0]).toSorted()).toEqual([
      '2nd time: *Deployment flapping',
      '4th time: *Deployment flapping',
    ]);
    expect(await texts(flapping)).toHaveLength(4);
  });

  it('of another cluster names it, and offers nothing that would act on this one', async () => {
    const incident = fresh({ cluster: 'west' });
    await showAll(incident);
    const [root] = await thread(incident);
    expect(root?.text).toContain('on cluster `west`');
    expect(root?.buttons).toEqual(["I'm on it"]);
  });
});

describe('a call that goes wrong', () => {
  it.each(['lose-answer', 'lose-question', 'error500', 'ratelimited'] as const)(
    'with “%s” is made up for: nothing is lost or doubled',
    async (kind) => {
      const name = `fault-${kind}`;
      const incident = fresh({
        findings: named(name),
        notes: notesOf(DIAGNOSED, { type: 'acknowledged', user: 'UBOB' }),
      });
      const changed = { ...incident, state: 'recovering' as const, calmSince: Date.now() };
      const fault: Fault = kind === 'ratelimited' ? { kind, retryAfter: 7 } : { kind };
      kit.slack.fault({ ...fault, method: 'chat.postMessage', times: 3 });
      kit.slack.fault({ ...fault, method: 'chat.update' });
      const problems = [...(await stubbornly(incident)), ...(await stubbornly(changed))];
      expect(problems).toHaveLength(4);
      const expected = kind === 'ratelimited' ? RateLimited : UnavailableError;
      for (const problem of problems) expect(problem).toBeInstanceOf(expected);
      expect(roots(name)).toHaveLength(1);
      expect(await texts(incident)).toEqual([
        expect.stringContaining('looks over'),
        expect.stringContaining('panic'),
        expect.stringContaining('is on it'),
      ]);
    },
  );

  it('passes on how long Slack asks to wait', async () => {
    kit.slack.fault({ kind: 'ratelimited', retryAfter: 7, method: 'chat.postMessage' });
    await expect(show(fresh())).rejects.toMatchObject({ retryAfterMs: 7000 });
    await kit.forgetLimits();
  });

  it('finds a root whose answer was lost, however late, and brings it up to date', async () => {
    const incident = fresh({ findings: named('late-root') });
    kit.slack.fault({ kind: 'lose-answer', method: 'chat.postMessage' });
    await expect(show(incident)).rejects.toBeInstanceOf(UnavailableError);
    for (let i = 0; i < 250; i += 1) await kit.bob.says('ops', `chatter ${i}`);
    const later = { ...incident, episode: 2, noticedAt: Date.now() + 3_600_000, state: 'recovering' as const };
    await showAll(later);
    expect(roots('late-root').map(({ text }) => text)).toEqual([expect.stringContaining('looks over')]);
  });

  it('is the only one at a time for an incident', async () => {
    const incident = fresh({ findings: named('at-once') });
    await Promise.all(Array.from({ length: 10 }, () => show(incident)));
    expect(roots('at-once')).toHaveLength(1);
  });

  it('for good is not tried again: the next note follows, the root stays as it is', async () => {
    const incident = fresh({ notes: notesOf(DIAGNOSED, { type: 'acknowledged', user: 'UBOB' }) });
    await show(incident);
    kit.slack.fault({ kind: 'error', error: 'msg_too_long', method: 'chat.postMessage' });
    kit.slack.fault({ kind: 'error', error: 'edit_window_closed', method: 'chat.update' });
    await showAll(incident);
    expect(await texts(incident)).toEqual([expect.any(String), expect.stringContaining('is on it')]);
    const changed = { ...incident, state: 'recovering' as const };
    expect(await showAll(changed)).toBe(1);
    const before = writes();
    await showAll(changed);
    expect(writes()).toBe(before);
  });
});

describe('a message that somebody deleted', () => {
  it('is gone for this episode; the next one is told anew, without the old story', async () => {
    const incident = fresh({ findings: named('deleted'), notes: notesOf(DIAGNOSED) });
    await showAll(incident);
    const { ts = '' } = (await surface(incident)) ?? {};
    kit.slack.channel('ops').messages.delete(ts);
    const recovering = { ...incident, state: 'recovering' as const };
    expect(await showAll(recovering)).toBe(1);
    const before = writes();
    expect(await showAll({ ...recovering, state: 'resolved' })).toBe(1);
    expect(writes()).toBe(before);
    const notes = [
      ...incident.notes,
      { seq: 2, at: Date.now(), type: 'resolved' as const, afterMs: 1 },
      { seq: 3, at: Date.now(), type: 'reopened' as const, finding: findingOf(), episode: 2 },
      { seq: 4, at: Date.now(), type: 'acknowledged' as const, user: 'UBOB' },
    ];
    await showAll({ ...incident, episode: 2, notes });
    expect(roots('deleted')).toHaveLength(1);
    expect(await texts(incident)).toEqual([
      expect.stringContaining('This is the 2nd time.'),
      expect.stringContaining('is on it'),
    ]);
  });

  it('takes the notes with it', async () => {
    const incident = fresh();
    await showAll(incident);
    kit.slack.channel('ops').messages.delete((await surface(incident))?.ts ?? '');
    expect(await showAll({ ...incident, notes: notesOf(DIAGNOSED) })).toBe(1);
    expect((await surface(incident))?.ts).toBeUndefined();
  });
});

describe('a channel that is lost', () => {
  it('is told to the operator, and gets all that it has missed once opsbot is in it again', async () => {
    const channel = kit.slack.addChannel('CGONE', 'gone', ['UALICE', 'UBOB', 'UOPSBOT']);
    const incident = fresh({ channel: 'CGONE', findings: named('channel-lost') });
    await showAll(incident);
    const ts = (await surface(incident))?.ts;
    channel.members.delete('UOPSBOT');
    const missed = { ...incident, notes: notesOf(DIAGNOSED) };
    const unseen = fresh({ channel: 'CGONE', findings: named('unseen') });
    for (const closed of [missed, unseen]) {
      await expect(show(closed)).rejects.toThrow(/no incidents in the channel CGONE \(not_in_channel\)/);
      expect(await surface(closed)).toMatchObject({ gone: undefined, posting: undefined });
    }
    channel.members.add('UOPSBOT');
    await showAll(missed);
    await showAll(unseen);
    expect(await surface(incident)).toMatchObject({ ts, told: 1 });
    expect(kit.bob.sees('gone').filter(({ text }) => /unseen/.test(text))).toHaveLength(1);
  });

  it('is another matter than one thread that an admin locked', async () => {
    const incident = fresh();
    await showAll(incident);
    kit.slack.fault({ kind: 'error', error: 'restricted_action_thread_locked', method: 'chat.postMessage' });
    expect(await show({ ...incident, notes: notesOf(DIAGNOSED) })).toBe('done');
  });
});

describe('silence', () => {
  const silence = { until: Date.now() + 3_600_000, by: 'UALICE' };

  it('from the beginning posts nothing, also when it is over', async () => {
    const incident = fresh({ findings: named('never-told'), silence, notes: notesOf(DIAGNOSED) });
    expect(await show(incident)).toBe('done');
    expect(await show({ ...incident, state: 'resolved' })).toBe('done');
    expect(roots('never-told')).toEqual([]);
  });

  it('that has ended while the trouble lasts tells it', async () => {
    const incident = fresh({ findings: named('told-late'), silence });
    await showAll(incident);
    await showAll({ ...incident, silence: { ...silence, until: Date.now() - 1 } });
    expect(roots('told-late')).toHaveLength(1);
  });

  it('keeps the message true, and tells only of itself and of the end', async () => {
    const incident = fresh({ findings: named('hushed') });
    await showAll(incident);
    const notes = notesOf(
      { type: 'silenced', user: 'UALICE', until: silence.until },
      { type: 'joined', finding: findingOf('oom-killed') },
      DIAGNOSED,
      { type: 'resolved', afterMs: 60_000 },
      { type: 'acknowledged', user: 'UBOB' },
    );
    const silent = { ...incident, silence, state: 'resolved' as const, notes };
    expect(await showAll(silent)).toBe(3);
    expect(await texts(incident)).toEqual([
      expect.stringContaining('over after'),
      expect.stringContaining('silenced this workload'),
      expect.stringContaining('Over after 60 s.'),
    ]);
    // What was passed over is no news when the silence ends.
    await showAll({
      ...silent,
      silence: undefined,
      notes: [...notes, { seq: 6, at: Date.now(), type: 'unsilenced', user: 'UBOB' }],
    });
    expect((await texts(incident)).slice(3)).toEqual([expect.stringContaining('ended the silence')]);
  });
});

describe('a storm', () => {
  it('is one message that follows it to its end', async () => {
    const members = Array.from({ length: 12 }, (_, index) => fresh({ findings: named(`storm-${index}`) }));
    const storm: Storm = {
      id: 's-1',
      version: 1,
      channel: CHANNEL,
      startedAt: Date.now() - 60_000,
      members: members.map(({ id }) => id),
      endedAt: undefined,
    };
    expect(await incidentNotifier.showStorm(storm, members)).toBe('done');
    const over = members.map((one) => ({ ...one, state: 'resolved' as const }));
    expect(await incidentNotifier.showStorm(storm, [...over.slice(0, 6), ...members.slice(6)])).toBe('done');
    expect(await texts(storm)).toEqual([expect.stringMatching(/6 incidents are open.*6 more are over already/s)]);
    expect(await incidentNotifier.showStorm({ ...storm, endedAt: Date.now() }, over)).toBe('done');
    expect(await texts(storm)).toEqual([expect.stringContaining('The storm is over')]);
    const before = writes();
    await incidentNotifier.showStorm({ ...storm, endedAt: storm.startedAt + 60_000 }, over);
    expect(writes() - before).toBeLessThanOrEqual(1);
  });
});
