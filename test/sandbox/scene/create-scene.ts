import { createGivenScene } from './given-scene.ts';
import { createLocalScene } from './local-scene.ts';
import type { Scene } from './scene.ts';
import { createTourNamespace } from './tour-namespace.ts';

export interface SceneOptions {
  isTour: boolean;
  env: NodeJS.ProcessEnv;
  /** Says what is about to be done to a cluster that is not the sandbox's own. */
  announce(text: string): void;
}

/** How many times as fast as the lively cluster the tour's is. */
const TOUR_HASTE = 3;

/** The local cluster, or the one that KUBECONFIG names: with a namespace for the tour, else untouched. */
export async function createScene({ isTour, env, announce }: SceneOptions): Promise<Scene> {
  const { KUBECONFIG: kubeconfig } = env;
  if (!kubeconfig) return createLocalScene({ haste: isTour ? TOUR_HASTE : 1 });
  if (!isTour) return createGivenScene(kubeconfig, env, ['*']);

  const scene = await createGivenScene(kubeconfig, env, ['opsbot-tour']);
  const { namespace } = scene.workload;
  announce(`The tour works on ${scene.about}.`);
  announce(
    `It creates namespace ${namespace} there with one small Deployment, touches nothing else, and deletes it at the end.`,
  );
  try {
    const own = await createTourNamespace(kubeconfig, scene);
    return {
      ...scene,
      async end() {
        announce(`Deleting namespace ${namespace} …`);
        await own.remove().finally(scene.end);
      },
    };
  } catch (error) {
    await scene.end();
    throw error;
  }
}
