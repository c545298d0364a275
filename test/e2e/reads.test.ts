import { beforeAll, describe, expect, it } from 'vitest';
import { deployment } from '../support/cluster/manifests.ts';
import { describeCluster } from '../support/clusters.ts';
import { answered, answerTo } from './asking.ts';
import { useStage } from './stage.ts';

const SECRET = 'hunter2-hunter2';

describeCluster('reading', (kit) => {
  const stage = useStage(kit);
  let namespace: string;
  const api = () => ({ kind: 'Deployment', namespace, name: 'api' });
  const crashing = () => ({ kind: 'Deployment', namespace, name: 'crashing' });
  const homeless = () => ({ kind: 'Deployment', namespace, name: 'homeless' });
  const podOf = async (name: string) => {
    const [pod] = await kit.pods({ kind: 'Deployment', namespace, name });
    return pod?.metadata.name ?? expect.fail(`${name} has no pod`);
  };
  beforeAll(async () => {
    namespace = await kit.namespace();
    kit.crash(crashing());
    kit.unschedulable(homeless(), 'no node is free');
    const containers = [
      { name: 'app', image: 'registry.example/pair:1.0' },
      { name: 'sidecar', image: 'registry.example/sidecar:1.0' },
    ];
    await kit.apply(deployment('api', { namespace, replicas: 2 }));
    await kit.apply(deployment('pair', { namespace, containers }));
    await kit.apply(deployment('crashing', { namespace }));
    await kit.apply(deployment('homeless', { namespace }));
    await kit.rolledOut(api());
    await kit.rolledOut({ kind: 'Deployment', namespace, name: 'pair' });
    await kit.eventually(
      'a pod without a node',
      () => kit.pods(homeless()),
      (pods) => pods.length === 1,
    );
    await kit.eventually(
      'a crash loop',
      () => kit.pods(crashing()),
      ([pod]) => pod?.status.containerStatuses?.[0]?.state.waiting?.reason === 'CrashLoopBackOff',
    );
  });

  describe('pods', () => {
    it('are listed as kubectl would, those in trouble first', async () => {
      const { text } = await answered(stage, `pods ${namespace}`);
      const rows = text.split('\n').filter((line) => /\d+\/\d+/.test(line));
      expect(text).toContain('NAME');
      expect(rows[0]).toMatch(/^crashing-\S+ +0\/1 +(CrashLoopBackOff|Error|Running) +\d+/);
      expect(rows[1]).toMatch(/^homeless-\S+ +0\/1 +Pending +0 .*<none>$/);
      expect(rows.slice(2).every((row) => /^(api|pair)-\S+ +(1\/1|2\/2) +Running +0 /.test(row))).toBe(true);
      expect(rows).toHaveLength(5);
    });

    it('can be chosen by label', async () => {
      const { text } = await answered(stage, `pods -n ${namespace} -l app=api`);
      expect(text.match(/api-\S+ +1\/1/g)).toHaveLength(2);
      expect(text).not.toContain('crashing-');
    });
  });

  describe('logs', () => {
    it('come as a message where they are short, with secrets masked', async () => {
      const pod = await podOf('api');
      const text = `listening\ndatabase password=${SECRET}\nAuthorization: Bearer ${SECRET}\nready`;
      kit.setLogs({ namespace, pod, container: 'api' }, text);
      const answer = await answered(stage, `logs ${pod} -n ${namespace}`);
      expect(answer.text).toMatch(/listening[\s\S]*password=[\s\S]*ready/);
      expect(answer.text).not.toContain(SECRET);
      expect(JSON.stringify(answer.raw)).not.toContain(SECRET);
    });

    it('come as a file where they are long, with the last lines in the message', async () => {
      const pod = await podOf('api');
      const lines = Array.from({ length: 1500 }, (_, index) => `line ${index} token=${SECRET}`);
      kit.setLogs({ namespace, pod, container: 'api' }, lines.join('\n'));
      const said = await stage.alice.mentions('ops', `logs ${pod} -n ${namespace} --tail 1400`);
      const withFile = await stage.alice.waitsFor((m) => m.thread === said.ts && m.files.length > 0);
      const [file] = withFile.files;
      expect(file?.name).toBe(`${pod}-api.log`);
      expect(file?.content).toMatch(/^line 100 /);
      expect(file?.content).toContain('line 1499 ');
      expect(file?.content).not.toContain(SECRET);
      const answer = await answerTo(stage, said);
      expect(answer.text).toContain('line 1499 ');
      expect(answer.text).toContain('These are the last lines. All of it is in the file.');
    });

    it('are those of the pod that needs it most where a workload is named', async () => {
      const { text } = await answered(stage, `logs deploy/crashing -n ${namespace}`);
      expect(text).toContain(await podOf('crashing'));
    });

    it('go back before the last restart', async () => {
      const pod = await podOf('crashing');
      kit.setLogs({ namespace, pod, container: 'crashing', previous: true }, 'panic: no configuration');
      const { text } = await answered(stage, `logs ${pod} -n ${namespace} --previous`);
      expect(text).toContain('before its last restart');
      expect(text).toContain('panic: no configuration');
    });

    it('ask which container where a pod has several', async () => {
      const pod = await podOf('pair');
      kit.setLogs({ namespace, pod, container: 'sidecar' }, 'words of the sidecar');
      const asked = await answered(stage, `logs ${pod} -n ${namespace}`);
      expect(asked.text).toContain('has 2 containers: say which one');
      const offered = /`(logs [^`]*-c sidecar[^`]*)`/.exec(asked.text)?.[1];
      const { text } = await answered(stage, offered ?? expect.fail(asked.text));
      expect(text).toContain('words of the sidecar');
    });
  });

  it('needs nobody’s approval, and leaves the cluster as it is', async () => {
    await answered(stage, `pods deployment api -n ${namespace}`);
    expect(stage.bob.sees('ops').flatMap(({ buttons }) => buttons)).toEqual([]);
    for (const name of ['api', 'pair', 'crashing', 'homeless']) {
      expect(await kit.changesOf({ kind: 'Deployment', namespace, name })).toEqual([]);
    }
  });
});
