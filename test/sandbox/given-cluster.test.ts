import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { LIVELY_PACE, type Pace } from '../support/cluster/kubelet/next-step.ts';
import { describeCluster } from '../support/clusters.ts';
import { type KubeletStandIn, startKubelet } from '../support/control-plane/start-kubelet.ts';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';

const NAMESPACE = 'opsbot-tour';
const PACE = Object.fromEntries(Object.entries(LIVELY_PACE).map(([step, ms]) => [step, ms / 4])) as unknown as Pace;
const LONG = 120_000;

describeCluster(
  'a cluster that KUBECONFIG names',
  (kit) => {
    let standIn: KubeletStandIn | undefined;
    let sandbox: SandboxProcess | undefined;
    const start = (args: string[]) => {
      sandbox = startSandboxProcess(args, { KUBECONFIG: kit.kubeconfig() });
      return sandbox;
    };
    const namespace = () => kit.get({ kind: 'Namespace', namespace: undefined, name: NAMESPACE });

    beforeAll(async () => {
      if (kit.backend === 'local') return;
      const nodes = [`tour-${randomUUID().slice(0, 8)}`];
      const accepts = (name: string) => name === NAMESPACE;
      standIn = await startKubelet({ endpoint: kit.endpoint, nodes, accepts, pace: PACE });
    });
    afterAll(() => standIn?.stop());
    afterEach(() => sandbox?.dispose());

    it('is toured in a namespace that is made for it and deleted again', { timeout: LONG }, async () => {
      const tour = start(['--tour']);
      await tour.says(`It creates namespace ${NAMESPACE} there`);
      expect(await tour.ended, tour.output()).toBe(0);
      expect(tour.output()).toContain('All 9 steps came out right');
      expect(await namespace()).toBeUndefined();
      expect(tour.leftovers()).toEqual([]);
    });

    it('is left as it was when the tour is interrupted', { timeout: LONG }, async () => {
      const tour = start(['--tour']);
      await tour.says('3. ');
      expect(await namespace()).toBeDefined();
      tour.signal('SIGTERM');
      expect(await tour.ended).toBe(143);
      expect(await namespace()).toBeUndefined();
      expect(tour.leftovers()).toEqual([]);
    });

    it('is not touched by the prompt', { timeout: LONG }, async () => {
      const prompt = start([]);
      prompt.types('alice: @opsbot pods kube-system');
      prompt.types('crash something');
      prompt.types('quit');
      expect(await prompt.ended).toBe(0);
      expect(prompt.output()).toContain('What is approved here is done there; nothing else is touched.');
      expect(prompt.output()).toContain('No pods in kube-system');
      expect(prompt.output()).toContain('That is for the local cluster only.');
      expect(await namespace()).toBeUndefined();
    });

    it('is not toured where the namespace is there already: it may be somebody’s', { timeout: LONG }, async () => {
      await kit.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
      const tour = start(['--tour']);
      expect(await tour.ended).toBe(1);
      expect(tour.output()).toContain(`kubectl delete namespace ${NAMESPACE}`);
      expect(await namespace()).toBeDefined();
      await kit.request('DELETE', `/api/v1/namespaces/${NAMESPACE}`);
    });
  },
  { pace: PACE },
);
