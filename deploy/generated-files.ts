import { actions } from '../src/actions/index.ts';
import { metricsTable } from './metrics-table.ts';
import { chartRights, overlayRbac, wholeRbac } from './rbac.ts';
import { commandsTable, environmentTable, fileTable, incidentsTable } from './tables.ts';

export interface GeneratedFile {
  /** Relative to the root. */
  path: string;
  /** What it holds; empty where it is missing. */
  now: string;
  wanted: string;
}

const CHART_COPIES = {
  'deploy/chart/files/alerts.yaml': 'deploy/monitoring/alerts.yaml',
  'deploy/chart/files/redis/redis.conf': 'deploy/base/redis/redis.conf',
  'deploy/chart/files/redis/start.sh': 'deploy/base/redis/start.sh',
  'deploy/chart/files/redis/health.sh': 'deploy/base/redis/health.sh',
};

/** Everything that is derived from the registry, the schemas and other files, as it is and as it should be. */
export async function generatedFiles(read: (path: string) => Promise<string>): Promise<GeneratedFile[]> {
  const readOrNothing = (path: string) => read(path).catch(() => '');
  const [readme, deploying] = await Promise.all([read('README.md'), read('deploy/README.md')]);
  const sections = {
    commands: commandsTable(actions),
    environment: environmentTable(),
    config: fileTable(),
    incidents: incidentsTable(),
  };
  const whole: Record<string, string> = {
    'deploy/rbac.yaml': wholeRbac(actions),
    'deploy/overlays/single-namespace/rbac.yaml': overlayRbac(actions, ['default']),
    'deploy/overlays/cluster-wide/rbac.yaml': overlayRbac(actions, ['*']),
    'deploy/chart/files/rights.yaml': chartRights(actions),
  };
  // A chart holds whatever it is made of: Helm reads nothing outside of it.
  for (const [path, original] of Object.entries(CHART_COPIES)) whole[path] = await readOrNothing(original);
  return [
    ...(await Promise.all(
      Object.entries(whole).map(async ([path, wanted]) => ({ path, now: await readOrNothing(path), wanted })),
    )),
    { path: 'README.md', now: readme, wanted: fill(readme, sections) },
    { path: 'deploy/README.md', now: deploying, wanted: fill(deploying, { metrics: metricsTable() }) },
  ];
}

/** Puts each section between its `<!-- generated:name -->` and the next `<!-- /generated -->`. Throws where one is missing. */
export function fill(text: string, sections: Record<string, string>): string {
  return Object.entries(sections).reduce((filled, [name, section]) => {
    const start = `<!-- generated:${name} -->`;
    const end = '<!-- /generated -->';
    const from = filled.indexOf(start);
    const to = filled.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`a README.md has no place for it: ${start} … ${end}`);
    return `${filled.slice(0, from + start.length)}\n${section}\n${filled.slice(to)}`;
  }, text);
}
