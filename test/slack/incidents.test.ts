import { afterEach, describe, expect, it } from 'vitest';
import type { Incident } from '../../src/incidents/incident.ts';
import { findingOf, incidentOf, NODE, podOf } from '../views/incident-of.ts';
import { demoPicture } from './demo.ts';
import { kitOfFile, startSlackKit } from './slack-kit.ts';

const kit = await kitOfFile({ channels: { alerts: 'COPS', requests: 'CSHARED' } });
afterEach(() => {
  kit.incidents.refuse(undefined);
  kit.incidents.watched(Date.now());
  kit.picture.set(demoPicture());
});

const API = { kind: 'Deployment', namespace: 'prod', name: 'api' };
let count = 0;

/** An incident of the demo cluster's `api` comes up; gives its message as people see it. */
async function breaksOut(change: Partial<Incident> = {}) {
  kit.incidents.clear();
  const pods = [podOf('api-7d9f8-gone'), podOf('api-7d9f8-ccccc')];
  const incident = incidentOf({
    id: `i-${++count}`,
    cluster: 'demo',
    channel: 'COPS',
    findings: [findingOf('crash-loop', { owner: API, count: 2, pods })],
    ...change,
  });
  kit.incidents.add(incident);
  await kit.settled();
  const ts = (await kit.incidentSurfaces.get(incident.id))?.ts ?? '';
  return { incident, root: { channel: 'COPS', ts } };
}

const newest = async () => (await kit.store.loadAll(await kit.store.recentIds(1)))[0];
const rootText = (root: { channel: string; ts: string }) => kit.bob.thread(root)[0]?.text;

/** Somebody is told something alone, in the channel. */
const hears = (person: typeof kit.alice, words: string) =>
  person.waitsFor((message) => message.ephemeral && message.text.includes(words));

describe('a button of an incident', () => {
  it('leads to the same request as everywhere, filled in, and its approval happens in the thread', async () => {
    const { alice, bob } = kit;
    const { root } = await breaksOut();
    await alice.clicks('Scale…', { on: root });
    expect(alice.modal()?.title).toBe('Scale a workload');
    expect(alice.modal()?.text).toContain('api');
    await alice.fills('Replicas', '5');
    await alice.submits();
    await kit.settled();
    expect(await newest()).toMatchObject({
      action: 'scale',
      input: { workload: API, replicas: 5 },
      origin: { channel: 'COPS', thread: root.ts },
    });
    const card = bob.thread(root).at(-1);
    expect(card?.buttons).toContain('Approve');
    await bob.says('ops', 'approve', { thread: root.ts });
    await kit.settled();
    expect((await newest())?.state).toBe('executing');
  });

  it('restarts the workload', async () => {
    const { root } = await breaksOut();
    await kit.alice.clicks('Restart…', { on: root });
    await kit.alice.submits();
    await kit.settled();
    expect(await newest()).toMatchObject({ action: 'restart', input: { workload: API }, origin: { thread: root.ts } });
  });

  it('reads the log of the first pod in trouble that is still there', async () => {
    const { root } = await breaksOut();
    await kit.alice.clicks('Logs', { on: root });
    await kit.alice.submits();
    await kit.settled();
    const request = await newest();
    expect(request).toMatchObject({ action: 'logs', input: { pod: 'api-7d9f8-ccccc', namespace: 'prod' } });
    const reading = { headline: 'Logs', body: 'panic: no config', filename: 'api.log' };
    await kit.report(request?.id ?? '', { type: 'read', reading });
    expect(kit.bob.thread(root).at(-1)?.text).toContain('panic: no config');
  });

  it('opens while there is no picture of the cluster', async () => {
    const { root } = await breaksOut();
    kit.picture.set(undefined);
    await kit.alice.clicks('Restart…', { on: root });
    expect(kit.alice.modal()?.title).toBe('Restart a workload');
    await kit.alice.closes();
  });

  it('of another cluster acts on nothing here', async () => {
    const { incident, root } = await breaksOut();
    kit.incidents.become({ ...incident, cluster: 'west' });
    await kit.alice.clicks('Restart…', { on: root });
    await hears(kit.alice, 'This is about the cluster west');
    expect(kit.alice.modal()).toBeUndefined();
  });

  it('of an incident that is forgotten says so', async () => {
    const { root } = await breaksOut();
    kit.incidents.clear();
    await kit.alice.clicks("I'm on it", { on: root });
    await hears(kit.alice, 'not kept');
  });

  it.each(['Restart…', "I'm on it"])('“%s” is not for guests', async (label) => {
    const { incident, root } = await breaksOut();
    await kit.greta.clicks(label, { on: root });
    await hears(kit.greta, 'Guests');
    expect(kit.greta.modal()).toBeUndefined();
    expect(kit.incidents.newest(incident)).toBe(incident);
  });
});

describe('“I’m on it”', () => {
  it('puts the name on the message and a line in the thread', async () => {
    const { root } = await breaksOut();
    await kit.bob.clicks("I'm on it", { on: root });
    await kit.settled();
    expect(rootText(root)).toContain('@bob is on it');
    expect(kit.alice.thread(root).at(-1)?.text).toContain('@bob is on it');
  });

  it('that is refused is told to whoever pressed it', async () => {
    const { root } = await breaksOut();
    kit.incidents.refuse('Somebody else is on it.');
    await kit.bob.clicks("I'm on it", { on: root });
    await hears(kit.bob, 'Somebody else is on it.');
    kit.incidents.refuse('This is over already.');
    await kit.bob.chooses('Silence', '1 h', { on: root });
    await hears(kit.bob, 'This is over already.');
  });
});

describe('silence', () => {
  it('is chosen on the message, listed on Home, and ended there', async () => {
    const { alice } = kit;
    const { incident, root } = await breaksOut();
    await alice.chooses('Silence', '8 h', { on: root });
    await kit.settled();
    expect(rootText(root)).toContain('@alice silenced this workload until');
    const until = kit.incidents.newest(incident).silence?.until ?? 0;
    expect(Math.abs(until - Date.now() - 8 * 3_600_000)).toBeLessThan(60_000);
    await kit.opensHome(alice);
    expect(alice.home()?.text).toMatch(/Silenced\*?\n\*Deployment api\* in `prod`\nUntil .*, by @alice/);
    await alice.clicks('End', { on: 'home' });
    await kit.settled();
    await kit.slack.waitFor(() => !alice.home()?.text.includes('Silenced'));
    expect(rootText(root)).not.toContain('silenced');
    expect(alice.thread(root).at(-1)?.text).toContain('@alice ended the silence');
  });
});

describe('Home', () => {
  it('lists what is open, who is on it, and follows', async () => {
    const { bob } = kit;
    const { incident } = await breaksOut({ acknowledged: { user: 'UBOB', at: Date.now() } });
    await kit.opensHome(bob);
    expect(bob.home()?.text).toMatch(
      /Incidents\*?\n:red_circle: \*Deployment api\* in `prod`: CrashLoopBackOff, 2 pods, since .*, @bob is on it/,
    );
    kit.incidents.change(incident.id, { state: 'resolved', resolvedAt: Date.now() });
    await kit.slack.waitFor(() => !bob.home()?.text.includes('Incidents'));
  });

  it('leads to the message of each', async () => {
    const { bob } = kit;
    const { root } = await breaksOut();
    await kit.opensHome(bob);
    const published = kit.slack.calls('views.publish').at(-1);
    const link = `https://local.slack.com/archives/COPS/p${root.ts.replace('.', '')}`;
    expect(JSON.stringify(published?.args)).toContain(`<${link}|Open>`);
  });

  it('leaves out other namespaces where one is chosen, but no node', async () => {
    const { carol } = kit;
    await breaksOut();
    kit.incidents.add(
      incidentOf({
        id: 'i-node',
        channel: 'COPS',
        cluster: 'demo',
        findings: [findingOf('node-not-ready', { owner: NODE })],
      }),
    );
    await kit.opensHome(carol);
    await carol.chooses('Type to search', 'default', { on: 'home' });
    await kit.slack.waitFor(() => !carol.home()?.text.includes('Deployment api'));
    expect(carol.home()?.text).toContain('Node worker-3');
    await kit.settled();
  });

  it('says whether anybody would hear of trouble', async () => {
    const { alice } = kit;
    kit.incidents.clear();
    await kit.opensHome(alice);
    expect(alice.home()?.text).toContain('Alerts are on.');
    kit.incidents.watched(Date.now() - 180_000);
    await kit.opensHome(alice);
    expect(alice.home()?.text).toMatch(
      /Alerts are on, but no agent has reported since .*: later trouble is not seen\./,
    );
    kit.incidents.watched(undefined);
    await kit.opensHome(alice);
    expect(alice.home()?.text).toContain('no agent has reported yet');
  });
});

describe('the start', () => {
  it('tells the operator which channels of the configuration opsbot is not in', async () => {
    const started = await startSlackKit({ channels: { requests: 'COPS', alerts: 'CNOBOT' } });
    try {
      const told = started.log.filter((line) => line.includes('not in a channel of its configuration'));
      expect(told.map((line) => JSON.parse(line).channel)).toEqual(['CNOBOT']);
    } finally {
      await started.stop();
    }
  });
});
