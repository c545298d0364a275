import type { z } from 'zod';
import { fileVariableOf, SECRETS } from './config-env.ts';
import { type FileConfig, KNOWN_KEYS } from './config-file.ts';
import { nearest } from './nearest.ts';

/** zod's issues → one sentence each: the key, the value that was found, what would be right. */
type Issue = z.core.$ZodIssue;

export function fileProblems(issues: readonly Issue[], raw: unknown): string[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownKey(issue.path, key))
      : [`${found(issue.path, raw)}: ${issue.message}.`],
  );
}

function unknownKey(path: readonly PropertyKey[], key: string): string {
  const known = KNOWN_KEYS[path.filter((part) => typeof part === 'string').join('.')] ?? [];
  const near = nearest(key, known);
  const advice = near ? `did you mean ${near}?` : `known here: ${known.join(', ')}.`;
  return `${keyText([...path, key])}: this key is not known; ${advice}`;
}

/** `policy[0].approvals (2.5)`: the key as people write it, and what it holds. */
function found(path: readonly PropertyKey[], raw: unknown): string {
  const way: PropertyKey[] = [];
  let value = raw;
  for (const part of path) {
    // A single string stands for a list of one.
    if (typeof value === 'string') break;
    way.push(part);
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[part];
  }
  const key = keyText(way) || 'the file';
  return value === undefined ? `${key} (missing)` : `${key} (${shortened(JSON.stringify(value))})`;
}

function keyText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

export function environmentProblems(
  issues: readonly Issue[],
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  return issues.map((issue) => {
    const name = String(issue.path[0]);
    const secret = SECRETS.find((one) => one === name);
    if (secret === undefined) return `${name} (${shortened(JSON.stringify(env[name]))}): ${issue.message}.`;
    const path = env[fileVariableOf(secret)];
    const where =
      path === undefined ? `${name} (value hidden)` : `${fileVariableOf(secret)} ("${path}", content hidden)`;
    return `${where}: ${issue.message}.`;
  });
}

/** Names of actions that there are not: such a rule of the policy would never apply. */
export function actionProblems({ actions = [], policy }: ActionNames, known: readonly string[]): string[] {
  const inRules = policy.flatMap(({ match }, index) =>
    (match.action ?? [])
      .filter((pattern) => !pattern.includes('*'))
      .map((name) => ({ key: `policy[${index}].match.action`, name })),
  );
  return [...actions.map((name) => ({ key: 'actions', name })), ...inRules]
    .filter(({ name }) => !known.includes(name))
    .map(({ key, name }) => `${key} ("${name}"): ${noSuchAction(name, known)}`);
}

type ActionNames = Pick<FileConfig, 'actions' | 'policy'>;

/** What is wrong with a name, and what would be right; without the name. */
export function noSuchAction(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `there is no such action; ${near ? `did you mean ${near}?` : `there are: ${known.join(', ')}.`}`;
}

/**
 * Variables that look like one of ours that is not set. The prefixes that others use too count only where something
 * is wrong anyway: a neighbour's variable must not keep opsbot from starting.
 */
export function misspelt(
  given: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
  somethingIsWrong: boolean,
): string[] {
  const prefix = somethingIsWrong ? /^(OPSBOT_|SLACK_|REDIS_|KUBE)/ : /^OPSBOT_/;
  return Object.keys(given)
    .filter((name) => prefix.test(name) && !names.includes(name))
    .flatMap((name) => {
      const near = nearest(name, names, 2);
      return near && !given[near] ? [`${name}: this variable is not known; did you mean ${near}?`] : [];
    });
}
