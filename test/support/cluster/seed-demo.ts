import type { LocalCluster } from './local-cluster-contract.ts';
import { autoscaler, daemonSet, deployment, statefulSet } from './manifests.ts';

const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

const sidecar = (name: string, image: string) => [
  { name, image },
  { name: 'envoy', image: 'envoyproxy/envoy:v1.31.2' },
];

/** A small cluster as a team may have one; one of its Deployments crashes. */
export function seedDemo(cluster: LocalCluster): void {
  cluster.apply(namespace('prod'), namespace('staging'));
  cluster.crash({ kind: 'Deployment', namespace: 'prod', name: 'recommendations' });
  cluster.apply(
    deployment('nginx', { namespace: 'default', replicas: 3, image: 'nginx:1.27.2' }),
    deployment('api', { namespace: 'prod', replicas: 3, image: 'registry.example/api:2.14.0' }),
    deployment('web', { namespace: 'prod', replicas: 4, image: 'registry.example/web:5.3.1' }),
    autoscaler('web', { namespace: 'prod', min: 2, max: 10 }),
    deployment('checkout', {
      namespace: 'prod',
      replicas: 2,
      containers: sidecar('checkout', 'registry.example/checkout:1.9.4'),
    }),
    deployment('recommendations', { namespace: 'prod', replicas: 1, image: 'registry.example/recommendations:0.8.0' }),
    statefulSet('db', { namespace: 'prod', replicas: 3, image: 'postgres:17.2' }),
    deployment('api', { namespace: 'staging', replicas: 1, image: 'registry.example/api:2.15.0-rc.1' }),
    deployment('web', { namespace: 'staging', replicas: 1, image: 'registry.example/web:5.4.0-rc.2' }),
    daemonSet('node-exporter', { namespace: 'kube-system', image: 'prom/node-exporter:v1.8.2' }),
    deployment('coredns', { namespace: 'kube-system', replicas: 2, image: 'coredns/coredns:v1.11.3' }),
  );
}
