import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['redis-server', 'valkey-server'];
const ADVICE =
  'No redis-server or valkey-server in PATH: install one of them, or set REDIS_URL to a Redis for the tests.';

/** Under one lock, so that several processes that miss Redis at the same moment do not fight over apt. */
const INSTALL = `
command -v redis-server >/dev/null && exit 0
apt-get update -qq
apt-get install -y -qq --no-install-recommends redis-server
if [ -d /run/systemd/system ]; then systemctl disable --now redis-server; else service redis-server stop || true; fi
`;

/** Path of a Redis server program; installs one where that needs nobody's leave. */
export async function redisBinary(): Promise<string> {
  const there = inPath();
  if (there) return there;
  if (!mayInstall()) throw new Error(ADVICE);
  await install();
  const installed = inPath();
  if (!installed) throw new Error(ADVICE);
  return installed;
}

function inPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Root on Debian or Ubuntu, where apt-get asks nothing. */
function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/flock');
}

async function install(): Promise<void> {
  process.stderr.write('Installing redis-server with apt-get …\n');
  // RUNLEVEL=1 keeps the package from starting its own service on machines without systemd.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const child = spawn('flock', ['/tmp/opsbot-install-redis.lock', 'sh', '-ec', INSTALL], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${ADVICE}\napt-get could not install it:\n${output}`);
}
