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
    'deploy/chart/files/alerts.yaml': await readOrNothing('deploy/monitoring/alerts.yaml'),
  };
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
