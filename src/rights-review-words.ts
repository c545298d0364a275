import type { Access } from './kubernetes/cluster.ts';
import { listed } from './kubernetes/listed.ts';
import { namespaceScope } from './kubernetes/namespace-scope.ts';
import type { Shortfall } from './kubernetes/snapshot-reader.ts';
import { PARTS, type Part, type Right, type RightsQuestion, rightsOf } from './rights.ts';

/** Something that does not work for want of rights, and what exactly is missing. */
export interface Lack {
  shortfall: Shortfall;
  part: Part | undefined;
  /** As in a Role: `patch deployments.apps in namespace prod`. */
  rights: readonly string[];
}

const WITHOUT: Readonly<Record<Part, string>> = {
  picture: 'Pods and workloads are not all shown',
  nodes: 'Nodes are not shown, and their trouble is not reported',
  namespaces: 'Empty namespaces are not offered',
  autoscalers: 'Autoscalers are not shown',
  jobs: 'Failed Jobs are not reported',
  evidence: 'Incidents come with less evidence',
  lease: 'Incidents are not reported',
  trail: 'Changes leave no Event on their workload',
};

/** Of more rights than so many people are not told one by one; nor of more kinds of them. */
const RIGHTS_NAMED = 3;
const VERBS_NAMED = 2;

/**
 * What does not work where these rights are missing: actions first, in their own order. An action (or part) stands there
 * once for all namespaces in which the same is missing.
 */
export function lacksOf(missing: readonly Right[], question: RightsQuestion): Lack[] {
  const judge = createJudge(missing, question);
  const actions = question.actions.map(({ name, title }): Thing => {
    return { action: name, what: `“${title}” is off`, needs: ({ actions }) => actions.includes(name) };
  });
  const parts = PARTS.map((part): Thing => {
    return { part, what: WITHOUT[part], needs: ({ parts }) => parts.includes(part) };
  });
  return [...actions, ...parts].flatMap(judge);
}

/** `“Scale a workload” is off in prod: opsbot may not patch deployments there.` */
export function shortfallSentence({ what, namespaces, why }: Shortfall): string {
  return `${what}${namespaces ? ` in ${listed(namespaces, 'and')}` : ''}: ${why}.`;
}

/** `patch deployments.apps in namespace prod` */
export function rightWords({ verb, group, resource, subresource, name, namespace }: Access): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const of = group === '' ? what : `${what}.${group}`;
  const which = name === undefined ? '' : ` ${name}`;
  return `${verb} ${of}${which} ${namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`}`;
}

/** What prints the rights for this configuration, as one types it into a shell. */
export function rbacLine({ namespaces, actions, home }: RightsQuestion): string {
  const names = actions.map(({ name }) => name).join(',');
  const quoted = (list: string) => (list.includes('*') ? `'${list}'` : list);
  const flags = [
    `--namespaces ${quoted(namespaces.join(','))}`,
    ...(names === '' ? [] : [`--actions ${names}`]),
    `--namespace ${home}`,
  ];
  return `opsbot rbac ${flags.join(' ')}`;
}

interface Thing {
  action?: string;
  part?: Part;
  what: string;
  needs(right: Right): boolean;
}

function createJudge(missing: readonly Right[], question: RightsQuestion) {
  const { named } = namespaceScope(question.namespaces);
  const needed = rightsOf(question);
  const instead = named ? '' : ' Or name single namespaces under `namespaces:` in its configuration.';
  const advice = `An admin can change that: \`${rbacLine(question)}\` prints the rights to apply.${instead}`;

  return ({ part, needs, ...off }: Thing): Lack[] => {
    const accesses = (rights: readonly Right[]) => rights.filter(needs).map(({ access }) => access);
    const byPlace = Map.groupBy(accesses(missing), ({ namespace }) => namespace);
    const neededIn = Map.groupBy(accesses(needed), ({ namespace }) => namespace);
    const alike = Map.groupBy(byPlace, ([, rights]) => verbsWords(rights).join('; '));
    return [...alike.values()].map((lacking): Lack => {
      const places = lacking.map(([place]) => place);
      const [place, rights = []] = lacking[0] ?? [];
      const where = placesOf(places, part === 'lease' ? undefined : named);
      const words = lackWords(rights, neededIn.get(place)?.length ?? 0, where.words);
      return {
        shortfall: { ...off, ...where.namespaces, why: `opsbot ${words}`, advice },
        part,
        rights: lacking.flatMap(([, some]) => some.map(rightWords)),
      };
    });
  };
}

/** In few words, for people; the log has the whole list. */
function lackWords(rights: readonly Access[], needed: number, where: string): string {
  if (rights.length === needed && needed > RIGHTS_NAMED) return `has none of the rights for it ${where}`;
  const words = verbsWords(rights);
  const more = words.length > VERBS_NAMED ? '; and more is missing' : '';
  return `may not ${words.slice(0, VERBS_NAMED).join('; nor ')} ${where}${more}`;
}

/** `named`: all namespaces that opsbot is set up for, where it is for single ones. */
function placesOf(places: readonly (string | undefined)[], named: readonly string[] | undefined) {
  const names = places.filter((place) => place !== undefined);
  const [only] = names;
  if (only === undefined) return { words: 'in the whole cluster' };
  if (named === undefined || (names.length === 1 && named.length === 1)) return { words: `in namespace ${only}` };
  if (names.length === named.length) return { words: 'in any of its namespaces' };
  return { namespaces: { namespaces: names.toSorted() }, words: 'there' };
}

/** `list or watch pods`, `patch deployments or statefulsets` */
function verbsWords(rights: readonly Access[]): string[] {
  const byResource = Map.groupBy(rights, ({ resource, subresource }) =>
    subresource === undefined ? resource : `${resource}/${subresource}`,
  );
  const byVerbs = Map.groupBy(byResource, ([, some]) => {
    const verbs = some.map(({ verb }) => verb);
    return listed(verbs, 'or');
  });
  return [...byVerbs].map(([verbs, resources]) => {
    const names = resources.map(([resource]) => resource);
    return `${verbs} ${listed(names, 'or')}`;
  });
}
