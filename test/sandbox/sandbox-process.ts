import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithUs } from '../support/end-with-us.ts';

export interface SandboxProcess {
  output(): string;
  /** Resolves once the output has that text; rejects when the process ends without. */
  says(text: string): Promise<void>;
  types(line: string): void;
  /** Ends its stdin. */
  hangsUp(): void;
  signal(name: NodeJS.Signals): void;
  /** Resolves once something is there in its temp folder whose name begins like that. */
  begins(name: string): Promise<void>;
  /** The exit code, or the name of the signal that ended it. */
  ended: Promise<number | string>;
  /** What of it is still there: files in its temp folder, command lines of processes. */
  leftovers(): string[];
  /** Ids of the processes that it has started and whose command line has that text. */
  processes(text: string): number[];
  /** Kills what is left of it. */
  dispose(): void;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** `npm run sandbox` as people run it, in a temp folder of its own by which everything that it starts is known. */
export function startSandboxProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}): SandboxProcess {
  const folder = mkdtempSync(join(tmpdir(), 'opsbot-sandbox-test-'));
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, ['deploy/run.js', 'test/sandbox/main.ts', ...args], {
    cwd: root,
    env: { PATH, HOME, TMPDIR: folder, ...env },
    stdio: 'pipe',
  });
  endWithUs(child);
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const running = () => processesIn(folder);

  return {
    output: () => text,
    says: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!text.includes(wanted)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended without saying “${wanted}”:\n${text}`)));
      }),
    types: (line) => void child.stdin.write(`${line}\n`),
    hangsUp: () => void child.stdin.end(),
    signal: (name) => void child.kill(name),
    begins: (name) =>
      new Promise((resolve) => {
        const look = () => {
          if (!readdirSync(folder).some((entry) => entry.startsWith(name))) return;
          watcher.close();
          resolve();
        };
        const watcher = watch(folder, look);
        look();
      }),
    ended,
    leftovers: () => [...readdirSync(folder), ...running().map(({ command }) => command)],
    processes: (wanted) => running().flatMap(({ id, command }) => (command.includes(wanted) ? [id] : [])),
    dispose() {
      child.kill('SIGKILL');
      for (const { id } of running()) kill(id);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function kill(id: number): void {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // gone meanwhile, with the process that started it
  }
}

/** Linux tells of each process in which environment it began, and where it is: Redis writes over its environment. */
function processesIn(folder: string): { id: number; command: string }[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const environment = readFileSync(`/proc/${entry}/environ`, 'utf8');
      if (!environment.includes(folder) && !readlinkSync(`/proc/${entry}/cwd`).startsWith(folder)) return [];
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      return command === '' ? [] : [{ id: Number(entry), command }];
    } catch {
      return []; // gone meanwhile, or somebody else's
    }
  });
}
