import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../support/cluster/api/access.ts';
import type { LocalCluster } from '../support/cluster/local-cluster-contract.ts';
import { deployment } from '../support/cluster/manifests.ts';
import { describeLocalCluster } from '../support/clusters.ts';
import { answered, asks } from './asking.ts';
import { useStage } from './stage.ts';

const WORKLOADS = ['deployments', 'statefulsets', 'daemonsets', 'replicasets'];
const WARN = 40;

describeLocalCluster('opsbot without some of its rights', (kit) => {
  let [full, poor, shut] = ['', '', ''];
  /** What its account may do; a right that is added later counts at once. */
  const allowed: Rule[] = [];
  const stage = useStage(kit, {
    as: async () => {
      [full = '', poor = '', shut = ''] = await Promise.all([kit.namespace(), kit.namespace(), kit.namespace()]);
      const token = randomUUID();
      allowed.push(
        { verbs: ['get', 'list', 'watch'], resources: ['pods', ...WORKLOADS, 'jobs'], namespaces: [full, poor] },
        { verbs: ['list', 'watch'], resources: ['horizontalpodautoscalers', 'events'], namespaces: [full, poor] },
        { verbs: ['get'], resources: ['namespaces'], namespaces: [full, poor] },
        { verbs: ['patch'], resources: WORKLOADS, namespaces: [full] },
        { verbs: ['get'], resources: ['pods/log'], namespaces: [full] },
      );
      (kit.local as LocalCluster).addUser(token, { name: 'system:serviceaccount:opsbot:opsbot', allowed });
      for (const namespace of [full, poor, shut]) await kit.apply(deployment('web', { namespace, replicas: 2 }));
      await kit.rolledOut(web(poor));
      return { ...kit.endpoint, token };
    },
    home: () => full,
    // JSON is YAML.
    config: () => JSON.stringify({ namespaces: [full, poor, shut], channels: { alerts: 'CALERTS' } }),
  });
  const web = (namespace: string) => ({ kind: 'Deployment', namespace, name: 'web' });
  const replicas = async (namespace: string) => (await kit.get(web(namespace)))?.spec.replicas;
  const warned = (words: string) => stage.opsbot.logged(({ level, msg }) => level === WARN && msg.includes(words));
  const homeSays = async (passes: (text: string) => boolean) => {
    await stage.alice.opensHome();
    return stage.slack.waitFor(
      () => {
        const text = stage.alice.home()?.text ?? '';
        return passes(text) ? text : undefined;
      },
      { what: () => `Home as wanted; it says:\n${stage.alice.home()?.text}` },
    );
  };

  it('says in its log what does not work, which rights are missing, and what prints them', async () => {
    const scale = await warned('“Scale a workload” is off');
    expect(scale.msg).toContain(
      `is off in ${poor}: opsbot may not patch deployments, statefulsets or replicasets there.`,
    );
    expect(scale.missing).toContain(`patch deployments.apps in namespace ${poor}`);
    expect(scale.apply).toMatch(/^opsbot rbac --namespaces .* --actions scale,restart,logs,pods --namespace /);
    await warned(`“Scale a workload” is off in ${shut}: opsbot has none of the rights for it there.`);
    await warned('Incidents are not reported: opsbot may not get, create or update leases');
    await warned('Changes leave no Event on their workload: opsbot may not create events in any of its namespaces.');
    await warned(`Pods and workloads are not all shown in ${shut}`);
  });

  it('shows the namespaces that it may read, and on Home what it may not', async () => {
    const home = await homeSays((text) => text.includes('healthy') && text.includes('is off'));
    expect(home).toContain('All 2 healthy');
    expect(home).toContain(
      `opsbot may not list daemonsets, deployments, pods, replicasets and statefulsets in namespace ${shut}.`,
    );
    expect(home).toContain(`*“Scale a workload” is off in \`${poor}\`*`);
    expect(home).toContain('Not shown: opsbot may not list them.');
    expect(home).toContain('no agent has reported');
    expect(home).not.toContain('Still reading');
  });

  it('refuses at once, with the reason, only what lacks a right, and only there', async () => {
    const refused = await answered(stage, `scale web 3 -n ${poor}`);
    expect(refused.text).toContain(`“Scale a workload” is off in ${poor}: opsbot may not patch deployments`);
    expect(refused.text).toContain('prints the rights to apply');
    expect((await answered(stage, `pods ${poor}`)).text).toContain('web-');
    const asked = await asks(stage, `scale web 3 -n ${full}`);
    await stage.bob.clicks('Approve', { on: asked.card });
    await asked.shows('Done');
    expect(await Promise.all([full, poor].map(replicas))).toEqual([3, 2]);
  });

  describe('that are granted while it runs', () => {
    it('does what was off, without anybody waiting for its next look', async () => {
      allowed.push({ verbs: ['patch'], resources: WORKLOADS, namespaces: [poor] });
      const scaling = await asks(stage, `scale web 4 -n ${poor}`);
      await stage.bob.clicks('Approve', { on: scaling.card });
      await scaling.shows('Done');
      expect(await replicas(poor)).toBe(4);
      const scaleIsOff = (text: string, namespace: string) =>
        text
          .split('\n')
          .some((line) => line.includes('“Scale a workload” is off') && line.includes(`\`${namespace}\``));
      const home = await homeSays((text) => !scaleIsOff(text, poor));
      expect(scaleIsOff(home, shut)).toBe(true);
    });

    it('reports incidents once it holds the Lease, and says why one has no log', async () => {
      allowed.push({ verbs: ['get', 'create', 'update'], resources: ['leases'], namespaces: [full] });
      kit.crash(web(poor), { exitCode: 3 });
      const root = await stage.alice.waitsFor((m) => m.text.includes('*Deployment web*'), {
        in: 'CALERTS',
        timeoutMs: 20_000,
      });
      expect(root.buttons).toContain('Scale…');
      expect(root.buttons).not.toContain('Logs');
      const evidence = await stage.alice.waitsFor((m) => m.thread === root.ts && m.text.includes('*Exit code*'), {
        in: 'CALERTS',
        timeoutMs: 20_000,
      });
      expect(evidence.text).toContain(`*Log* Not shown: opsbot may not get pods/log in namespace ${poor}.`);
    });
  });

  it('takes a right that is taken away for what it is: the change is refused, and then no longer offered', async () => {
    const asked = await asks(stage, `scale web 5 -n ${full}`);
    allowed.splice(
      allowed.findIndex(({ verbs, namespaces }) => verbs[0] === 'patch' && namespaces?.[0] === full),
      1,
    );
    await stage.bob.clicks('Approve', { on: asked.card });
    const failed = await asked.shows('may not patch');
    expect(failed.text).toContain(full);
    expect(await replicas(full)).toBe(3);
    await warned(`is off in ${full}`);
  });
});
