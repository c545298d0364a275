import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kubeTools } from '../support/kube-tools.ts';
import { type Manifest, parseManifests } from './manifest.ts';

export type Values = Record<string, unknown>;

export const CHART = join(import.meta.dirname, '../../deploy/chart');
const run = promisify(execFile);
const WIDE = { maxBuffer: 2 ** 30 };

/** What `helm install` says with these values, notes and all, in the namespace opsbot; rejects with what helm says. */
export function install(values: Values, chart = CHART): Promise<string> {
  return runHelm(['install', 'opsbot', chart, '--dry-run=client'], values);
}

/** The chart as helm renders it with these values. */
export async function render(values: Values, release = 'opsbot', chart = CHART): Promise<Manifest[]> {
  return parseManifests(await runHelm(['template', release, chart], values));
}

async function runHelm(args: readonly string[], values: Values): Promise<string> {
  const { helm } = await kubeTools();
  const running = run(helm, [...args, '--namespace', 'opsbot', '--values', '-'], WIDE);
  running.child.stdin?.end(JSON.stringify(values));
  return (await running).stdout;
}

/**
 * The chart rendered with each of these values, by one helm: a chart that has this one as many times as its part. Whether
 * the values keep to the chart's schema is not asked.
 * A text that comes again is parsed once, and the same objects stand for it: do not change them.
 */
export async function renderAll(all: readonly Values[]): Promise<Manifest[][]> {
  const { helm } = await kubeTools();
  const folder = await mkdtemp(join(tmpdir(), 'opsbot-chart-'));
  try {
    await mkdir(join(folder, 'charts'));
    await cp(CHART, join(folder, 'charts/opsbot'), { recursive: true });
    const dependencies = all.map((_, index) => ({ name: 'opsbot', version: '>=0', alias: aliasOf(index) }));
    const whole = { apiVersion: 'v2', name: 'all', version: '0.0.1', dependencies };
    await writeFile(join(folder, 'Chart.yaml'), JSON.stringify(whole));
    await writeFile(
      join(folder, 'values.yaml'),
      JSON.stringify(Object.fromEntries(all.map((values, index) => [aliasOf(index), values]))),
    );
    // Helm would read the schema anew for each part, which takes longer than all the rest.
    const args = ['template', 'opsbot', folder, '--namespace', 'opsbot', '--skip-schema-validation'];
    const { stdout } = await run(helm, args, WIDE);
    return sorted(stdout, all.length);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const aliasOf = (index: number) => `c${index}`;

/** Each document says which part it comes from, and which template. */
function sorted(output: string, count: number): Manifest[][] {
  const renderings = Array.from({ length: count }, (): Manifest[] => []);
  const parsed = new Map<string, Manifest[]>();
  for (const document of output.split(/^---\n/m)) {
    const index = /^# Source: all\/charts\/c(\d+)\//.exec(document)?.[1];
    if (index === undefined) continue;
    // Helm names the part in the label too.
    const text = document
      .slice(document.indexOf('\n') + 1)
      .replaceAll(`helm.sh/chart: c${index}-`, 'helm.sh/chart: opsbot-');
    const manifests = parsed.get(text) ?? parseManifests(text);
    parsed.set(text, manifests);
    renderings[Number(index)]?.push(...manifests);
  }
  return renderings;
}
