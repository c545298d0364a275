import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createRawClient, type Endpoint, type RawClient } from '../cluster/http-client.ts';
import { writeKubeconfig } from '../cluster/kubeconfig.ts';
import { freePorts } from '../free-ports.ts';
import { AUDIT_POLICY } from './audit-policy.ts';
import { createCertificate } from './certificate.ts';
import { type ServerProcess, startProcess } from './process.ts';

export interface ControlPlane {
  /** Of the admin, who may do everything. */
  endpoint: Endpoint;
  kubeconfig: string;
  /** JSON lines, one for each stage of each write to a workload. */
  auditLog: string;
  /** Ends all processes and deletes what they wrote. */
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** The folder with etcd, kube-apiserver and kube-controller-manager: KUBEBUILDER_ASSETS. */
  assets: string;
  /** ms until it must be ready; default 60,000. */
  timeout?: number;
}

/** Under which the controllers write, so that their writes can be told from people's. */
export const CONTROLLER_USER = 'system:kube-controller-manager';

const CONTROLLERS = [
  'deployment',
  'replicaset',
  'statefulset',
  'daemonset',
  'job',
  'garbagecollector',
  'namespace',
  'serviceaccount',
  'disruption',
];
const ATTEMPTS = 3;

function writeFiles(folder: string) {
  const { cert, key } = createCertificate('kube-apiserver');
  const accounts = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const token = randomUUID();
  const controllerToken = randomUUID();
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  return {
    ca: cert,
    token,
    controllerToken,
    cert: write('apiserver.crt', cert),
    key: write('apiserver.key', key),
    tokens: write(
      'tokens.csv',
      `${token},admin,admin,"system:masters"\n${controllerToken},${CONTROLLER_USER},controllers,"system:masters"\n`,
    ),
    accountsPublic: write('accounts.pub', accounts.publicKey),
    accountsPrivate: write('accounts.key', accounts.privateKey),
    auditPolicy: write('audit-policy.json', JSON.stringify(AUDIT_POLICY)),
    auditLog: write('audit.log', ''),
  };
}
type Files = ReturnType<typeof writeFiles>;

const etcdArgs = (folder: string, client: number, peer: number) => [
  `--data-dir=${join(folder, 'etcd')}`,
  `--listen-client-urls=http://127.0.0.1:${client}`,
  `--advertise-client-urls=http://127.0.0.1:${client}`,
  `--listen-peer-urls=http://127.0.0.1:${peer}`,
  `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
  `--initial-cluster=default=http://127.0.0.1:${peer}`,
  '--log-level=error',
];

const apiServerArgs = (files: Files, port: number, etcd: number) => [
  `--etcd-servers=http://127.0.0.1:${etcd}`,
  '--bind-address=127.0.0.1',
  '--advertise-address=127.0.0.1',
  `--secure-port=${port}`,
  `--tls-cert-file=${files.cert}`,
  `--tls-private-key-file=${files.key}`,
  `--token-auth-file=${files.tokens}`,
  '--authorization-mode=RBAC',
  '--service-account-issuer=https://kubernetes.default.svc',
  `--service-account-key-file=${files.accountsPublic}`,
  `--service-account-signing-key-file=${files.accountsPrivate}`,
  '--service-cluster-ip-range=10.0.0.0/24',
  // Pods must not wait for the service account controller; evictions and taints are not part of what is tested.
  '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition',
  '--kubelet-preferred-address-types=InternalIP',
  `--audit-policy-file=${files.auditPolicy}`,
  `--audit-log-path=${files.auditLog}`,
  '--audit-log-mode=blocking',
  // Each stand-in for a kubelet and each agent keeps watches open; fairness would slow the start.
  '--max-requests-inflight=3000',
];

const controllerArgs = (kubeconfig: string, port: number) => [
  `--kubeconfig=${kubeconfig}`,
  '--leader-elect=false',
  '--port=0',
  '--bind-address=127.0.0.1',
  `--secure-port=${port}`,
  `--controllers=${CONTROLLERS.join(',')}`,
  '--kube-api-qps=500',
  '--kube-api-burst=1000',
];

async function untilReady(client: RawClient, signal: AbortSignal): Promise<void> {
  for (;;) {
    const status = await client.request('GET', '/readyz', { signal }).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status === 200) return;
    // Nothing announces readiness but the endpoint itself.
    await delay(50, undefined, { signal });
  }
}

async function attempt(assets: string, folder: string, signal: AbortSignal): Promise<ControlPlane> {
  const files = writeFiles(folder);
  const [etcdPort, peerPort, apiPort, managerPort] = (await freePorts(4)) as [number, number, number, number];
  const endpoint = { url: `https://127.0.0.1:${apiPort}`, ca: files.ca, token: files.token };
  const kubeconfig = writeKubeconfig(join(folder, 'kubeconfig'), endpoint);
  const controllers = { ...endpoint, token: files.controllerToken };
  const controllerKubeconfig = writeKubeconfig(join(folder, 'controllers.kubeconfig'), controllers);
  const processes: ServerProcess[] = [];
  const start = (name: string, args: string[]) => processes.push(startProcess(join(assets, name), args));
  const client = createRawClient(endpoint);
  const stop = async () => {
    client.close();
    for (const process of processes.toReversed()) await process.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    start('etcd', etcdArgs(folder, etcdPort, peerPort));
    start('kube-apiserver', apiServerArgs(files, apiPort, etcdPort));
    await Promise.race([untilReady(client, signal), ...processes.map((process) => process.died)]);
    start('kube-controller-manager', controllerArgs(controllerKubeconfig, managerPort));
    return { endpoint, kubeconfig, auditLog: files.auditLog, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A real API server with its etcd and the controllers of workloads, on free loopback ports in a folder of its own. */
export async function startControlPlane({ assets, timeout = 60_000 }: ControlPlaneOptions): Promise<ControlPlane> {
  const signal = AbortSignal.timeout(timeout);
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt(assets, mkdtempSync(join(tmpdir(), 'opsbot-control-plane-')), signal);
    } catch (error) {
      // Somebody else may have taken a port between our looking and the server's binding.
      if (tries === ATTEMPTS || signal.aborted || !String(error).includes('address already in use')) throw error;
    }
  }
}
