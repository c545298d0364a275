import { z } from 'zod';
import type { Action } from '../src/actions/action.ts';
import { environmentSchema, fileVariableOf, SECRETS } from '../src/config-env.ts';
import { fileSchema } from '../src/config-file.ts';
import { FINDING_KINDS, type FindingKind, SEVERITY_OF } from '../src/incidents/finding.ts';

/** A table in Markdown. The README's are made out of the registry and the configuration's schemas. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export const code = (text: string) => `\`${text}\``;

export function commandsTable(actions: readonly Action[]): string {
  const rows = actions.flatMap((action) =>
    action.examples.map((example, index) => [
      index === 0 ? `**${action.name}**: ${action.description}` : '',
      code(example.line),
      example.says,
    ]),
  );
  return table(['action', 'for example', 'means'], rows);
}

const KINDS: Readonly<Record<FindingKind, string>> = {
  'node-not-ready': 'A node’s `Ready` is `False` or `Unknown`. Trouble of pods on it is part of this.',
  'node-pressure': 'A node is short of memory, disk space or process ids.',
  'oom-killed': 'A container, also an init container, was killed for want of memory, even where it runs again.',
  'crash-loop': 'A container is in `CrashLoopBackOff`.',
  'image-pull': 'An image cannot be pulled: `ErrImagePull`, `ImagePullBackOff`, a name that is none.',
  'config-error': '`CreateContainerConfigError` or `CreateContainerError`: a missing ConfigMap, Secret or key.',
  unschedulable: 'No node takes a pod, for longer than `incidents.pending`.',
  'job-failed': 'The latest Job, of a CronJob or by itself, failed.',
  'rollout-stuck': 'A Deployment’s rollout has passed its deadline (`ProgressDeadlineExceeded`).',
  'rollout-complete': 'A Deployment’s rollout is complete.',
};

export function incidentsTable(): string {
  return table(
    ['kind', 'severity', 'what it is'],
    FINDING_KINDS.map((kind) => [code(kind), SEVERITY_OF[kind], KINDS[kind]]),
  );
}

interface Described {
  description?: string;
  default?: unknown;
  properties?: Record<string, Described>;
  items?: Described;
}

function described(schema: z.ZodType): Described {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Described;
}

export function environmentTable(): string {
  const rows = Object.entries(described(environmentSchema).properties ?? {}).map(([name, variable]) => [
    namesOf(name).map(code).join(' or '),
    variable.default === undefined ? '' : code(String(variable.default)),
    variable.description ?? '',
  ]);
  return table(['variable', 'default', 'what for'], rows);
}

/** A secret may stand in a file as well. */
function namesOf(variable: string): string[] {
  const secret = SECRETS.find((name) => name === variable);
  return secret ? [secret, fileVariableOf(secret)] : [variable];
}

/** Every key of the file that says what it is for, depth first. */
function keysOf(schema: Described, prefix: string): [string, Described][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, key]) => {
    const path = `${prefix}${name}`;
    const inside = key.items?.properties ? keysOf(key.items, `${path}[].`) : keysOf(key, `${path}.`);
    return key.description ? [[path, key] as [string, Described], ...inside] : inside;
  });
}

export function fileTable(): string {
  const rows = keysOf(described(fileSchema), '').map(([path, key]) => [code(path), key.description ?? '']);
  return table(['key', 'what for'], rows);
}
