import { createGivenPanel } from './given-panel.ts';
import { createKubeHttp, type KubeHttp } from './kube-http.ts';
import type { Scene } from './scene.ts';

const WORKLOAD = { namespace: 'opsbot-tour', name: 'nginx', replicas: 3 };
/** What opsbot must not get to know: it is configured by the sandbox alone. */
const NOT_PASSED_ON = /^(SLACK|OPSBOT|REDIS)_|^(PORT|LOG_LEVEL|NODE_OPTIONS)$/;

/** The cluster that KUBECONFIG names. Nothing in it is touched by this. */
export async function createGivenScene(
  kubeconfig: string,
  env: NodeJS.ProcessEnv,
  namespaces: string[],
): Promise<Scene> {
  const http = createKubeHttp(kubeconfig);
  try {
    await reach(http);
  } catch (error) {
    await http.close();
    throw error;
  }
  const kept = Object.entries(env).filter(([name]) => !NOT_PASSED_ON.test(name));
  const { namespace, name } = WORKLOAD;
  const about = `the cluster at ${http.server}, which KUBECONFIG names`;
  const panel = await createGivenPanel({ kubeconfig, about, namespaces });
  return {
    about,
    namespaces,
    // Credential plugins of a kubeconfig have settings of their own.
    env: { ...Object.fromEntries(kept), KUBECONFIG: kubeconfig },
    workload: WORKLOAD,
    async stand() {
      const { body } = await http.send('GET', `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`);
      return { wanted: body.spec?.replicas ?? 0, ready: body.status?.readyReplicas ?? 0 };
    },
    patience: 90_000,
    panel,
    async end() {
      await panel.end();
      await http.close();
    },
  };
}

async function reach(http: KubeHttp): Promise<void> {
  const answer = await http.send('GET', '/version').catch((error: Error) => error);
  if (answer instanceof Error) {
    const cause = answer.cause instanceof Error ? `: ${answer.cause.message}` : '';
    throw new Error(
      `The cluster at ${http.server} cannot be reached (${answer.message}${cause}). Is KUBECONFIG right?`,
    );
  }
  if (answer.status !== 200) {
    throw new Error(
      `The cluster at ${http.server} answers ${answer.status}: ${answer.body.message ?? 'no reason given'}`,
    );
  }
}
