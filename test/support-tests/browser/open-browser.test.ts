import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const helper = new URL('../../support/browser/open-browser.ts', import.meta.url).href;

/** Opens a browser with a page and says so; closes it when it hears something. */
const PARENT = `
  import { openBrowser } from '${helper}';
  const browser = await openBrowser();
  await browser.newPage();
  console.log('open');
  process.stdin.once('data', async () => {
    await browser.close();
    console.log('closed');
  });
`;

describe('the browser', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'opsbot-browser-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function openElsewhere() {
    const parent = spawn(process.execPath, ['--input-type=module-typescript', '-e', PARENT], {
      env: { ...process.env, TMPDIR: folder },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: parent.stdout });
    expect(await once(lines, 'line')).toEqual(['open']);
    expect(browserProcesses(folder)).not.toEqual([]);
    return { parent, lines };
  }

  it('leaves nothing behind when it is closed', async () => {
    const { parent, lines } = await openElsewhere();
    parent.stdin.write('close\n');
    expect(await once(lines, 'line')).toEqual(['closed']);
    expect(browserProcesses(folder)).toEqual([]);
    expect(readdirSync(folder)).toEqual([]);
    parent.kill();
  });

  it.each(['SIGKILL', 'SIGTERM'] as const)('does not outlive the process that %s ends', async (signal) => {
    const { parent } = await openElsewhere();
    parent.kill(signal);
    await once(parent, 'close');
    await expect.poll(() => browserProcesses(folder), { timeout: 10_000 }).toEqual([]);
  });
});

/** Command lines of what runs with a profile in that folder. */
function browserProcesses(folder: string): string[] {
  return readdirSync('/proc').flatMap((entry) => {
    const command = commandOf(entry);
    return command.includes(`--user-data-dir=${folder}`) ? [command] : [];
  });
}

function commandOf(process: string): string {
  try {
    return readFileSync(`/proc/${process}/cmdline`, 'utf8');
  } catch {
    return ''; // no process, or gone meanwhile
  }
}
