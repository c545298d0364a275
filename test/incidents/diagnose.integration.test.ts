import { expect, test } from 'vitest';
import { diagnose } from '../../src/incidents/diagnose.ts';
import type { DiagnosisOrder } from '../../src/incidents/diagnosis.ts';
import type { Finding } from '../../src/incidents/finding.ts';
import { maskSecrets } from '../../src/incidents/mask.ts';
import { createClusterClient } from '../../src/kubernetes/client.ts';
import { deployment } from '../support/cluster/manifests.ts';
import { describeCluster } from '../support/clusters.ts';

describeCluster('a diagnosis', (kit) => {
  test('of a Deployment that crashes after a rollout', async () => {
    const namespace = await kit.namespace();
    const ref = { kind: 'Deployment', namespace, name: 'web' };
    const client = createClusterClient({ kubeconfig: kit.kubeconfig() });
    try {
      await kit.apply(deployment('web', { namespace, image: 'registry.example/web:1.4' }));
      await kit.rolledOut(ref);
      await kit.apply(deployment('web', { namespace, image: 'registry.example/web:1.5' }));
      await kit.rolledOut(ref);
      kit.crash(ref, { exitCode: 139 });
      const [broken] = await kit.eventually(
        'a crash loop',
        async () => (await client.listPods(namespace)).filter(({ status }) => status === 'CrashLoopBackOff'),
        (pods) => pods.length > 0,
      );
      if (broken === undefined) throw new Error('no pod has crashed');
      const pod = broken.name;
      const AWS_KEY = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
      const log = `${'x'.repeat(100_000)}\nkey ${AWS_KEY} <!channel>\n\u001b[31mpanic\u001b[0m \u0000\`\`\`\n`;
      // Which of the two runs is the last one changes with every restart.
      for (const previous of [true, false]) kit.setLogs({ namespace, pod, container: 'web', previous }, log);
      const since = Date.now();
      const finding: Finding = {
        kind: 'crash-loop',
        owner: ref,
        since,
        at: since,
        count: 1,
        pods: [
          { name: 'web-gone', container: 'web', reason: 'CrashLoopBackOff', restarts: 9 },
          { name: pod, container: 'web', reason: 'CrashLoopBackOff', restarts: 1 },
        ],
        labels: {},
      };
      const order = {
        type: 'diagnose',
        incident: 'i-k7m2q',
        since: 0,
        findings: [finding],
        validUntil: since,
      } satisfies DiagnosisOrder;
      const signal = AbortSignal.timeout(20_000);
      const diagnosis = await diagnose(order, { cluster: client, signal, mask: maskSecrets });
      expect(diagnosis.log).toMatchObject({
        pod,
        container: 'web',
        text: 'key ••• <!channel>\npanic ```',
      });
      const facts = new Map(diagnosis.facts.map(({ label, text }) => [label, text]));
      expect(facts.get('Exit code')).toBe('139 (segmentation fault)');
      expect(facts.get('Rollout')).toMatch(/^web:1\.4 → web:1\.5, \d+ s before$/);
      expect(facts.get('Node')).toBe(broken.node);
      expect(Number(facts.get('Restarts'))).toBeGreaterThan(0);
    } finally {
      await client.close();
    }
  });
});
