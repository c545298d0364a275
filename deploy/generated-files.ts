import { actions } from '../src/actions/index.ts';
import { rbacYaml } from './rbac.ts';
import { commandsTable, environmentTable, fileTable, incidentsTable } from './tables.ts';

export interface GeneratedFile {
  /** Relative to the root. */
  path: string;
  /** What it holds; empty where it is missing. */
  now: string;
  wanted: string;
}

/** Everything that is derived from the registry and the schemas, as it is and as it should be. */
export async function generatedFiles(read: (path: string) => Promise<string>): Promise<GeneratedFile[]> {
  const readme = await read('README.md');
  const sections = {
    commands: commandsTable(actions),
    environment: environmentTable(),
    config: fileTable(),
    incidents: incidentsTable(),
  };
  return [
    { path: 'deploy/rbac.yaml', now: await read('deploy/rbac.yaml').catch(() => ''), wanted: rbacYaml(actions) },
    { path: 'README.md', now: readme, wanted: fill(readme, sections) },
  ];
}

/** Puts each section between its `<!-- generated:name -->` and the next `<!-- /generated -->`. Throws where one is missing. */
export function fill(text: string, sections: Record<string, string>): string {
  return Object.entries(sections).reduce((filled, [name, section]) => {
    const start = `<!-- generated:${name} -->`;
    const end = '<!-- /generated -->';
    const from = filled.indexOf(start);
    const to = filled.indexOf(end, from);
    if (from < 0 || to < 0) throw new Error(`README.md has no place for it: ${start} … ${end}`);
    return `${filled.slice(0, from + start.length)}\n${section}\n${filled.slice(to)}`;
  }, text);
}
