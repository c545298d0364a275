import { spawn } from 'node:child_process';
import { endWithUs } from '../end-with-us.ts';

export interface ServerProcess {
  /** Rejects, with the end of its output, when it ends without having been asked to. */
  readonly died: Promise<never>;
  stop(): Promise<void>;
}

const KEPT_OUTPUT = 8_000;
const GRACE_MS = 5_000;

/** Starts a server of the control plane, and sees to it that it does not outlive this process. */
export function startProcess(command: string, args: string[]): ServerProcess {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let stopping = false;
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  endWithUs(child);

  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  const died = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (!stopping) reject(new Error(`${command} ended with ${signal ?? code}:\n${output}`));
    });
  });
  died.catch(() => undefined);

  return {
    died,
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return ended;
      const impatience = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      child.kill('SIGTERM');
      await ended;
      clearTimeout(impatience);
    },
  };
}
