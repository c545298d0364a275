import { type ChildProcess, spawn } from 'node:child_process';

/** Its stdin ends when this process does, however that dies; then it kills what it was told of. */
const KEEPER = 'read -r _; kill -s KILL -- "$1"';

/**
 * Sees to it that a child does not outlive this process: one that is killed (a worker that hung, a run that was
 * interrupted) has no `exit` event in which to end what it started. `group` takes what the child has started along; it
 * has to be detached then.
 */
export function endWithUs(child: ChildProcess, { group = false }: { group?: boolean } = {}): void {
  if (child.pid === undefined) return; // it never started
  const target = group ? -child.pid : child.pid;
  const killOnExit = () => process.kill(target, 'SIGKILL');
  process.once('exit', killOnExit);
  // Detached, as a terminal's Ctrl-C must not end it first; without a folder or an environment that tests look for.
  const keeper = spawn('/bin/sh', ['-c', KEEPER, 'keeper', String(target)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
    env: {},
  });
  keeper.on('error', () => undefined); // without one, `exit` still does what it can
  keeper.unref();
  child.once('exit', () => {
    process.off('exit', killOnExit);
    keeper.kill('SIGKILL');
  });
}
