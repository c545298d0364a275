import type { Action } from './actions/action.ts';
import { type CommandFlags, readFlags, wrongUsage } from './command-flags.ts';
import { noSuchAction } from './config-problems.ts';
import type { InputError } from './errors.ts';
import { namespaceScope } from './kubernetes/namespace-scope.ts';
import { type RbacQuestion, rbacDocuments, rbacYaml } from './rbac.ts';

/** `opsbot rbac`: the Roles for certain namespaces and actions, to be read and then piped to `kubectl apply -f -`. */
export const RBAC_USAGE =
  'rbac [--namespaces a,b] [--actions scale,logs] [--namespace opsbot] [--service-account opsbot]';

const FLAGS = {
  namespaces: 'namespaces or patterns, like --namespaces shop,team-*',
  actions: 'names of actions, like --actions scale,logs',
  namespace: 'the namespace that opsbot is in, like --namespace opsbot',
  'service-account': 'the service account that opsbot runs with, like --service-account opsbot',
} as const;
type Flag = keyof typeof FLAGS;

const COMMAND: CommandFlags<Flag> = {
  command: 'rbac',
  usage: RBAC_USAGE,
  flags: FLAGS,
  values: 'Names are separated by commas, without spaces.',
};

interface Configured {
  namespaces: readonly string[];
  /** Absent: all. */
  actions?: readonly string[] | undefined;
}

/** What stands in place of a flag that is not given: `configured` for the first two. InputError for anything wrong. */
export function rbacCommand(args: readonly string[], configured: Configured, registry: readonly Action[]): string {
  const given = readNames(args);
  const names = given.get('actions') ?? configured.actions;
  const question: RbacQuestion = {
    namespaces: (given.get('namespaces') ?? configured.namespaces).map(requirePattern),
    actions: names === undefined ? registry : named(names, registry),
    home: requireName('namespace', one(given, 'namespace'), 63),
    serviceAccount: requireName('service-account', one(given, 'service-account'), 253),
  };
  return rbacYaml(rbacDocuments(question), headerOf(question, registry)).trimEnd();
}

function readNames(args: readonly string[]): Map<Flag, string[]> {
  const given = readFlags(args, COMMAND);
  return new Map([...given].map(([flag, values]) => [flag, values.flatMap((value) => listed(flag, value))]));
}

function listed(flag: Flag, value: string): string[] {
  const names = value.split(',').map((name) => name.trim());
  if (names.includes('') || value === '-') throw wrong(`--${flag} needs a value: ${FLAGS[flag]}.`);
  return names;
}

function one(given: ReadonlyMap<Flag, readonly string[]>, flag: 'namespace' | 'service-account'): string {
  const [name = 'opsbot', ...others] = given.get(flag) ?? [];
  if (others.length > 0) throw wrong(`--${flag} takes one name.`);
  return name;
}

function requirePattern(name: string): string {
  if (/^[a-z0-9*]([-a-z0-9*]{0,61}[a-z0-9*])?$/.test(name)) return name;
  throw wrong(`--namespaces: no namespace can be called “${name}”.`, NAME_ADVICE);
}

function requireName(flag: Flag, name: string, longest: number): string {
  const isName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name) && name.length <= longest;
  if (isName) return name;
  throw wrong(`--${flag}: “${name}” is no such name.`, NAME_ADVICE);
}

const NAME_ADVICE = 'A name has small letters, digits and - in it, and begins and ends with a letter or digit.';

function named(names: readonly string[], registry: readonly Action[]): Action[] {
  const known = registry.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw wrong(`--actions ("${unknown}"): ${noSuchAction(unknown, known)}`);
  return registry.filter(({ name }) => names.includes(name));
}

function wrong(message: string, advice = ''): InputError {
  return wrongUsage(COMMAND, message, advice);
}

/** What the rights are for, and what they leave out: a person reads it before giving them. */
function headerOf({ namespaces, actions, home, serviceAccount }: RbacQuestion, registry: readonly Action[]): string[] {
  const { named: places } = namespaceScope(namespaces);
  const patterns = namespaces.filter((name) => name.includes('*'));
  const off = registry.filter((action) => !actions.includes(action));
  const changes = actions.filter(({ effect }) => effect === 'change');
  const list = (some: readonly { name: string }[]) => some.map(({ name }) => name).join(', ') || 'none';
  return [
    `The rights of opsbot's agent: of the service account ${serviceAccount} in the namespace ${home}. The hub needs none.`,
    places
      ? `Where: in ${places.join(', ')}. Nodes and the list of namespaces belong to no namespace: Home does without them.`
      : `Where: in the whole cluster, because a Role knows no patterns (${patterns.join(', ')}).`,
    `For: the actions ${list(actions)}; the picture of the cluster; the evidence below an incident; the agents' Lease.`,
    ...(off.length > 0 ? [`Left out: what only these actions need: ${list(off)}.`] : []),
    `They change ${changes.length > 0 ? `workloads (${list(changes)}), and leave an Event on each` : 'nothing but the Lease'}, delete nothing, run nothing in a pod, and read no Secret.`,
    'Rights add up: what was given before and is not in here stays until it is deleted' +
      (places ? `, e.g. kubectl delete clusterrole,clusterrolebinding ${serviceAccount}-agent` : '.'),
  ];
}
