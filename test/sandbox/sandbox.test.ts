import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';

const started: SandboxProcess[] = [];
const start = (...given: Parameters<typeof startSandboxProcess>) => {
  const sandbox = startSandboxProcess(...given);
  started.push(sandbox);
  return sandbox;
};
afterEach(() => {
  for (const sandbox of started.splice(0)) sandbox.dispose();
});

const LONG = 60_000;
const isAgent = (id: number) => readFileSync(`/proc/${id}/environ`, 'utf8').includes('OPSBOT_ROLES=agent');

describe('the tour', () => {
  it('ends with 0 when every step came out right, and leaves nothing behind', { timeout: LONG }, async () => {
    const tour = start(['--tour']);
    const code = await tour.ended;
    expect(tour.output()).toMatch(/All 12 steps came out right/);
    expect(code).toBe(0);
    expect(tour.leftovers()).toEqual([]);
  });

  it('ends with 1 and says why when opsbot cannot start', { timeout: LONG }, async () => {
    const tour = start(['--tour'], { LOG_LEVEL: 'loudly' });
    expect(await tour.ended).toBe(1);
    expect(tour.output()).toMatch(/opsbot’s (hub|agent) has ended \(1\).*LOG_LEVEL/s);
    expect(tour.output()).not.toMatch(/came out right|\n\s+at /);
    expect(tour.leftovers()).toEqual([]);
  });

  it('ends with 1 and says so when opsbot dies in the middle of it', { timeout: LONG }, async () => {
    const tour = start(['--tour']);
    await tour.says('2. ');
    for (const id of tour.processes('src/main.ts')) process.kill(id, 'SIGKILL');
    expect(await tour.ended).toBe(1);
    expect(tour.output()).toMatch(/opsbot’s hub has ended \(SIGKILL\)\. Its last words:\n.*opsbot is running/s);
    expect(tour.leftovers()).toEqual([]);
  });

  it('ends as the signal says when it is interrupted', { timeout: LONG }, async () => {
    const tour = start(['--tour']);
    await tour.says('3. ');
    tour.signal('SIGINT');
    expect(await tour.ended).toBe(130);
    expect(tour.output()).not.toMatch(/All 12 steps/);
    expect(tour.leftovers()).toEqual([]);
  });

  it('says that a cluster cannot be used', { timeout: LONG }, async () => {
    const nowhere = start(['--tour'], { KUBECONFIG: '/nowhere/kubeconfig' });
    expect(await nowhere.ended).toBe(1);
    expect(nowhere.output()).toContain('/nowhere/kubeconfig cannot be read');
    expect(nowhere.leftovers()).toEqual([]);
  });

  it('does not use a Redis that it cannot reach, and says so', { timeout: LONG }, async () => {
    const tour = start(['--tour'], { REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await tour.ended).toBe(1);
    expect(tour.output()).toMatch(/REDIS_URL.*cannot be reached/);
    expect(tour.leftovers()).toEqual([]);
  });
});

describe('the prompt', () => {
  it('plays a script from its stdin, and ends with it', { timeout: LONG }, async () => {
    const sandbox = start([]);
    for (const line of [
      'alice: @opsbot scale deployment nginx 4',
      'alice clicks Approve',
      'bob clicks Approve',
      'bob frobnicates',
      '\u001b[31m\u0000 \ufffd',
      'greta home',
      'crash nowhere',
      'carol clicks Undo',
      'quit',
    ]) {
      sandbox.types(line);
    }
    expect(await sandbox.ended).toBe(0);
    const output = sandbox.output();
    expect(output).toMatch(/1\s+alice\s+@opsbot scale deployment nginx 4/);
    expect(output).toContain('[Approve] [Reject] [Cancel]');
    expect(output).toMatch(/\(only alice sees this\)\n\s+⛔ You asked for this yourself/);
    expect(output).toContain('4 of 4 pods ready');
    expect(output).toContain('bob can: says TEXT');
    expect(output).toContain('There is no workload nowhere.');
    expect(output).toContain('to take back');
    expect(output.replaceAll('> \u001b[31m\u0000 \ufffd', '')).not.toContain('\u001b');
    expect(sandbox.leftovers()).toEqual([]);
  });

  it('goes on without a stdin until it is told to end', { timeout: LONG }, async () => {
    const sandbox = start([]);
    sandbox.hangsUp();
    await sandbox.says('stops everything.');
    expect(sandbox.processes('src/main.ts')).toHaveLength(2);
    sandbox.signal('SIGTERM');
    expect(await sandbox.ended).toBe(0);
    expect(sandbox.leftovers()).toEqual([]);
  });

  it('starts the agent again when it dies, and leaves nothing of either behind', { timeout: LONG }, async () => {
    const sandbox = start([]);
    sandbox.hangsUp();
    await sandbox.says('stops everything.');
    const agents = () => sandbox.processes('src/main.ts').filter(isAgent);
    const [first] = agents();
    process.kill(first ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(agents().filter((id) => id !== first)).toHaveLength(1), { timeout: 10_000 });
    sandbox.signal('SIGTERM');
    expect(await sandbox.ended).toBe(0);
    expect(sandbox.leftovers()).toEqual([]);
  });

  it.each(['opsbot-sandbox-', 'opsbot-local-cluster-', 'opsbot-redis-'])(
    'leaves nothing behind when it is interrupted as soon as %s is there',
    { timeout: LONG },
    async (name) => {
      const sandbox = start([]);
      await sandbox.begins(name);
      sandbox.signal('SIGINT');
      sandbox.signal('SIGINT'); // npm hands on what the terminal has sent already
      expect(await sandbox.ended).toBe(0);
      expect(sandbox.output()).not.toContain('opsbot is running');
      expect(sandbox.leftovers()).toEqual([]);
    },
  );

  it('says how it is used when it is used otherwise', async () => {
    const wrong = start(['--turo']);
    expect(await wrong.ended).toBe(2);
    expect(wrong.output()).toMatch(/--turo.*npm run sandbox -- --tour/s);
    const help = start(['--help']);
    expect(await help.ended).toBe(0);
  });
});
