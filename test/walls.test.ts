import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Who may import whom. Each line is a module that the linter must refuse, or must let pass. */
const ROOT = join(import.meta.dirname, '..');
const WALL = 'lint/style/noRestrictedImports';

const FORBIDDEN = [
  ['src/config.ts', './errors.ts'],
  ['src/errors.ts', './actions/index.ts'],
  ['src/kubernetes/watch.ts', '../config.ts'],
  ['src/kubernetes/watch.ts', '../actions/action.ts'],
  ['src/kubernetes/watch.ts', 'ioredis'],
  ['src/actions/scale.ts', 'bullmq'],
  ['src/actions/scale.ts', '@slack/bolt'],
  ['src/actions/scale.ts', 'slack-block-builder'],
  ['src/actions/scale.ts', '../kubernetes/client.ts'],
  ['src/actions/scale.ts', '../requests/request.ts'],
  ['src/actions/scale.ts', '../../views/home.ts'],
  ['src/requests/policy.ts', 'ioredis'],
  ['src/requests/policy.ts', '../slack/register.ts'],
  ['src/requests/policy.ts', '../../jobs/queues.ts'],
  ['src/requests/store.ts', '@slack/web-api'],
  ['src/requests/store.ts', '../kubernetes/client.ts'],
  ['src/incidents/detect.ts', '../../views/home.ts'],
  ['src/incidents/detect.ts', '@kubernetes/client-node'],
  ['views/home.ts', 'node:fs'],
  ['views/home.ts', 'ioredis'],
  ['views/home.ts', '@slack/web-api'],
  ['views/home.ts', '../jobs/queues.ts'],
  ['views/home.ts', '../src/slack/register.ts'],
  ['jobs/outbox.ts', '@slack/web-api'],
  ['jobs/outbox.ts', '../src/slack/register.ts'],
  ['jobs/outbox.ts', '../views/home.ts'],
  ['jobs/outbox.ts', '../src/kubernetes/client.ts'],
  ['src/slack/people.ts', 'bullmq'],
  ['src/slack/people.ts', '@kubernetes/client-node/dist/api.js'],
  ['src/slack/people.ts', '../../jobs/queues.ts'],
  ['src/slack/people.ts', '../kubernetes/client.ts'],
  ['src/app.ts', '../jobs/queues.ts'],
  ['src/main.ts', 'bullmq'],
  ['src/slack/people.ts', 'prom-client'],
  ['src/telemetry/metrics.ts', '../../jobs/queues.ts'],
  ['src/telemetry/metrics.ts', '../kubernetes/client.ts'],
  ['src/telemetry/metrics.ts', 'bullmq'],
  ['src/actions/scale.ts', '../telemetry/work.ts'],
  ['jobs/outbox.ts', '@opentelemetry/api'],
  ['src/main.ts', '@slack/bolt'],
] as const;

const ALLOWED = [
  ['src/config.ts', './config-file.ts'],
  ['src/kubernetes/watch.ts', '@kubernetes/client-node'],
  ['src/kubernetes/watch.ts', '../errors.ts'],
  ['src/kubernetes/rest.ts', '../telemetry/work.ts'],
  ['src/telemetry/metrics.ts', 'prom-client'],
  ['src/actions/scale.ts', '../kubernetes/cluster.ts'],
  ['src/actions/scale.ts', './action.ts'],
  ['src/requests/store.ts', 'ioredis'],
  ['src/requests/policy.ts', '../config.ts'],
  ['src/requests/policy.ts', '../actions/action.ts'],
  ['views/home.ts', 'slack-block-builder'],
  ['views/home.ts', '@slack/types'],
  ['views/home.ts', '../src/requests/request.ts'],
  ['jobs/outbox.ts', 'bullmq'],
  ['jobs/outbox.ts', '../src/requests/requests.ts'],
  ['jobs/outbox.ts', '../src/kubernetes/cluster.ts'],
  ['src/slack/people.ts', '@slack/bolt'],
  ['src/slack/people.ts', '../../views/home.ts'],
  ['src/slack/people.ts', '../requests/requests.ts'],
  ['src/app.ts', '@slack/bolt'],
  ['src/main.ts', '../jobs/queues.ts'],
  ['src/main.ts', './kubernetes/client.ts'],
] as const;

interface Diagnostic {
  category: string;
  location: { path: string; start: { line: number } };
}

async function lint(folder: string): Promise<Diagnostic[]> {
  const biome = join(ROOT, 'node_modules/.bin/biome');
  const output = await new Promise<string>((resolve, reject) => {
    execFile(biome, ['lint', '--reporter=json', '--max-diagnostics=none', '.'], { cwd: folder }, (error, stdout) => {
      if (stdout) resolve(stdout);
      else reject(error ?? new Error('the linter said nothing'));
    });
  });
  return (JSON.parse(output) as { diagnostics: Diagnostic[] }).diagnostics;
}

describe('the import walls', () => {
  let folder: string;
  /** `module → specifier` */
  let refused: string[];

  // All of them in one tree and one run; an import is told by its line.
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'opsbot-walls-'));
    for (const file of ['biome.json', '.gitignore']) await copyFile(join(ROOT, file), join(folder, file));
    const lines = Object.groupBy([...FORBIDDEN, ...ALLOWED], ([module]) => module);
    for (const [module, imports = []] of Object.entries(lines)) {
      await mkdir(dirname(join(folder, module)), { recursive: true });
      await writeFile(join(folder, module), imports.map(([, specifier]) => `import '${specifier}';\n`).join(''));
    }
    refused = (await lint(folder))
      .filter(({ category }) => category === WALL)
      .map(({ location: { path, start } }) => (lines[path as keyof typeof lines]?.[start.line - 1] ?? []).join(' → '));
  });

  afterAll(() => rm(folder, { recursive: true }));

  test.each(FORBIDDEN)('%s may not import %s', (module, specifier) => {
    expect(refused).toContain(`${module} → ${specifier}`);
  });

  test.each(ALLOWED)('%s may import %s', (module, specifier) => {
    expect(refused).not.toContain(`${module} → ${specifier}`);
  });
});

test('what views import from src is types', async () => {
  const files = (await readdir(join(ROOT, 'views'))).filter((file) => file.endsWith('.ts'));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const source = await readFile(join(ROOT, 'views', file), 'utf8');
    const values = [...source.matchAll(/^import (?!type )([^;]*?) from '(\.\.\/src\/[^']+)'/gm)]
      .filter(([, names]) => !/^\{(\s*type [^,}]+,?)+\s*\}$/.test(names ?? ''))
      .map(([, , from]) => `${file} → ${from}`);
    expect(values).toEqual([]);
  }
});
