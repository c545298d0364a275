import type { Sandbox } from '../start-sandbox.ts';
import type { ClusterDeed } from './wire.ts';

/** Does it to the cluster or the worker; resolves with what happens now, in words for people. */
export async function performDeed({ scene, worker }: Sandbox, deed: ClusterDeed): Promise<string> {
  if (!scene.panel.act) throw new Error('This cluster is shown only; nothing can be done to it here.');
  if (deed.do !== 'kill worker') return scene.panel.act(deed);
  worker.kill();
  return 'The worker is gone. It is started again in a moment, and goes on where it was.';
}
