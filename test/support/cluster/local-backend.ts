import { randomUUID } from 'node:crypto';
import type { Backend, SpecWrite } from './kit.ts';
import { createLocalCluster } from './local-cluster.ts';
import type { LocalClusterOptions } from './local-cluster-contract.ts';
import type { WriteRecord } from './record.ts';
import { resourceOfKind } from './resources.ts';

const ADMIN_TOKEN = 'admin-token';

const toWrite = ({ user, verb, resource, body, status }: WriteRecord): SpecWrite => ({
  ...{ user, verb, body, status },
  subresource: resource.split('/')[1],
});

export async function startLocalBackend(options: LocalClusterOptions = {}): Promise<Backend> {
  const cluster = await createLocalCluster({ token: ADMIN_TOKEN, ...options });
  const { crash, oom, breakImage, breakConfig, failReadiness, unschedulable, freeze, recover, setLogs } = cluster;
  const { failNode, recoverNode, pressure, record } = cluster;
  const endpoint = { url: cluster.url, token: options.token ?? ADMIN_TOKEN };
  let namespaces = 0;
  return {
    kind: 'local',
    endpoint,
    local: cluster,
    commands: { crash, oom, breakImage, breakConfig, failReadiness, unschedulable, freeze, recover, setLogs },
    ...{ failNode, recoverNode, pressure },
    nodes: cluster.list('Node').map(({ metadata }) => metadata.name),
    async writesOf({ kind, namespace, name }) {
      const { plural } = resourceOfKind(kind);
      const about = (write: WriteRecord) =>
        write.resource.split('/')[0] === plural && write.namespace === namespace && write.name === name;
      return record.writes.filter(about).map(toWrite);
    },
    changesOf: async (ref) => record.changesOf(ref).map(toWrite),
    async restricted(allowed) {
      const token = randomUUID();
      cluster.addUser(token, { name: `system:serviceaccount:default:restricted-${token.slice(0, 8)}`, allowed });
      return { url: cluster.url, token };
    },
    kubeconfig: ({ token }) => cluster.kubeconfig(token),
    newNamespace() {
      namespaces += 1;
      return `test-${namespaces}`;
    },
    adapt: (manifest) => manifest,
    stop: cluster.stop,
  };
}
