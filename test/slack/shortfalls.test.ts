import { afterEach, describe, expect, it } from 'vitest';
import type { Request } from '../../src/requests/request.ts';
import { findingOf, incidentOf, podOf } from '../views/incident-of.ts';
import { demoPicture } from './demo.ts';
import { kitOfFile } from './slack-kit.ts';

const kit = await kitOfFile({ channels: { alerts: 'COPS', requests: 'COPS' } });
const OFF = {
  action: 'scale',
  what: '“Scale a workload” is off',
  namespaces: ['prod'],
  why: 'opsbot may not patch deployments there',
  advice: 'An admin can change that: `opsbot rbac --namespaces default,prod` prints the rights to apply.',
};
const WORDS = '“Scale a workload” is off in `prod`*: opsbot may not patch deployments there.';
const lacking = demoPicture({ shortfalls: [OFF] });
const granted = demoPicture({ shortfalls: [] });
afterEach(() => kit.picture.set(lacking));
kit.picture.set(lacking);

const newest = async () => (await kit.store.loadAll(await kit.store.recentIds(1)))[0] as Request;

describe('an action that is off in a namespace for want of rights', () => {
  it('is told on Home, whose rows there do not offer it, until the right is there', async () => {
    const { alice } = kit;
    await kit.opensHome(alice);
    expect(alice.home()?.text).toContain(WORDS);
    expect(alice.home()?.text).toContain(OFF.advice);
    expect(alice.home()?.buttons).toEqual(expect.arrayContaining(['Scale a workload', 'Restart']));
    expect(alice.home()?.buttons).not.toContain('Scale');
    kit.picture.set(granted);
    await kit.slack.waitFor(() => alice.home()?.buttons.includes('Scale'));
    expect(alice.home()?.text).not.toContain('is off');
  });

  it('is warned of in the form as soon as the namespace is known, and may be sent all the same', async () => {
    const { alice } = kit;
    await alice.runsShortcut('Scale a workload');
    expect(alice.modal()?.text).not.toContain('is off');
    await alice.chooses('Namespace', 'prod');
    expect(alice.modal()?.text).toContain(`${WORDS}\n${OFF.advice}\nIf you send it, opsbot looks again`);
    await alice.chooses('Workload', 'api');
    expect(alice.modal()?.text).toContain(WORDS);
    await alice.fills('Replicas', '6');
    // What an agent published may be minutes old: the agent itself asks again.
    expect(await alice.submits()).toMatchObject({ closed: true });
    await kit.settled();
    expect(await newest()).toMatchObject({ action: 'scale', state: 'pending' });
  });

  it('is no button of an incident there', async () => {
    const { bob, incidents, incidentSurfaces } = kit;
    const buttonsOf = async (id: string, namespace: string) => {
      const owner = { kind: 'Deployment', namespace, name: 'api' };
      const findings = [findingOf('crash-loop', { owner, count: 1, pods: [podOf('api-7d9f8-ccccc')] })];
      incidents.clear();
      incidents.add(incidentOf({ id, cluster: 'demo', channel: 'COPS', owner, findings }));
      await kit.settled();
      return bob.thread({ channel: 'COPS', ts: (await incidentSurfaces.get(id))?.ts ?? '' })[0]?.buttons;
    };
    expect(await buttonsOf('i-there', 'prod')).toEqual(['Restart…', 'Logs', "I'm on it"]);
    expect(await buttonsOf('i-elsewhere', 'default')).toEqual(['Restart…', 'Scale…', 'Logs', "I'm on it"]);
    kit.picture.set(undefined);
    expect(await buttonsOf('i-unknown', 'prod')).toContain('Scale…');
  });

  it('is marked in the help, which works without a picture, and tells a guest nothing of the cluster', async () => {
    const { alice, greta } = kit;
    const helped = async (person: typeof alice, topic = '') => {
      const said = await person.mentions('ops', `help ${topic}`);
      await kit.settled();
      return person.thread(said)[1]?.text;
    };
    expect(await helped(alice)).toContain(WORDS);
    expect(await helped(alice, 'scale')).toContain(OFF.advice);
    expect(await helped(greta)).toContain('scale deployment nginx 3');
    expect(await helped(greta)).not.toContain('is off');
    kit.picture.set(undefined);
    expect(await helped(alice)).toContain('scale deployment nginx 3');
  });

  it('is left out of the help where Slack does not say who asks', async () => {
    kit.slack.fault({ method: 'users.info', kind: 'ratelimited', retryAfter: 30 });
    const said = await kit.carol.mentions('ops', 'help');
    await kit.settled();
    const help = kit.carol.thread(said)[1]?.text;
    expect(help).toContain('scale deployment nginx 3');
    expect(help).not.toContain('is off');
  });
});
