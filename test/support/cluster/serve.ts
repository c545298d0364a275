import { parseArgs } from 'node:util';
import { LIVELY_PACE, TEST_PACE } from './kubelet/next-step.ts';
import { createLocalCluster } from './local-cluster.ts';
import { seed } from './seed.ts';
import { seedDemo } from './seed-demo.ts';

// A local cluster in a process of its own. Prints one line of JSON, {kubeconfig, url, pid}, and runs until SIGTERM.
const { values } = parseArgs({
  options: {
    deployments: { type: 'string', default: '0' },
    'pods-per-deployment': { type: 'string', default: '10' },
    nodes: { type: 'string', default: '3' },
    'pod-bytes': { type: 'string', default: '14000' },
    token: { type: 'string' },
    demo: { type: 'boolean', default: false },
    lively: { type: 'boolean', default: false },
  },
});

const deployments = Number(values.deployments);
const nodes = Number(values.nodes);
const cluster = await createLocalCluster({
  ...(values.token === undefined ? {} : { token: values.token }),
  pace: values.lively ? LIVELY_PACE : TEST_PACE,
  nodes: deployments > 0 ? 0 : nodes,
});
if (deployments > 0) {
  const podsPerDeployment = Number(values['pods-per-deployment']);
  seed(cluster, { deployments, podsPerDeployment, nodes, podBytes: Number(values['pod-bytes']) });
}
if (values.demo) seedDemo(cluster);
const stop = () => void cluster.stop().then(() => process.exit(0));
process.once('SIGTERM', stop).once('SIGINT', stop);
process.stdout.write(`${JSON.stringify({ kubeconfig: cluster.kubeconfig(), url: cluster.url, pid: process.pid })}\n`);
