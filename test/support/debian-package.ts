import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Program {
  /** What it may be called; the first of them that is in PATH is taken. */
  names: readonly string[];
  packages: readonly string[];
  /** Shell that is run once the packages have been installed. */
  afterwards?: string;
  /** What to do where it is missing and may not be installed. */
  advice: string;
}

/** Path of a program; installs it where that needs nobody's leave. */
export async function findOrInstall({ names, packages, afterwards, advice }: Program): Promise<string> {
  const there = inPath(names);
  if (there) return there;
  if (!mayInstall()) throw new Error(advice);
  try {
    await install(packages, afterwards);
  } catch (error) {
    throw new Error(`${advice}\n${error instanceof Error ? error.message : error}`);
  }
  const installed = inPath(names);
  if (!installed) throw new Error(advice);
  return installed;
}

/** Whether a file can be run as a program. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Root on Debian or Ubuntu, where apt-get asks nothing. */
export function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/flock');
}

/** Under one lock, so that several processes that miss something at the same moment do not fight over apt. */
const INSTALL = `
if dpkg-query --show --showformat '\${db:Status-Status}\\n' "$@" 2>&1 | grep -qvx installed; then
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "$@"
  eval "$AFTERWARDS"
fi
`;

/** Installs Debian packages that are not there yet. */
export async function install(packages: readonly string[], afterwards = ''): Promise<void> {
  const names = packages.join(' and ');
  process.stderr.write(`Installing ${names} with apt-get …\n`);
  // RUNLEVEL=1 keeps a package from starting its own service on machines without systemd.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', AFTERWARDS: afterwards };
  const child = spawn('flock', ['/tmp/opsbot-install.lock', 'sh', '-ec', INSTALL, 'install', ...packages], {
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
  if (code !== 0) throw new Error(`apt-get could not install ${names}:\n${output}`);
}

function inPath(names: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}
