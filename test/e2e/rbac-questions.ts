import type { RawClient } from '../support/cluster/http-client.ts';
import { type Attempt, may } from '../support/control-plane/service-account.ts';

/** All that RBAC knows by name, beside `*`. */
const VERBS = [
  ...['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
  ...['escalate', 'bind', 'impersonate', 'approve', 'sign', 'use'],
];

/** What RBAC guards although no API has it. */
const VIRTUAL = [
  { group: '', resource: 'users', namespaced: false },
  { group: '', resource: 'groups', namespaced: false },
  { group: 'authentication.k8s.io', resource: 'userextras', namespaced: false },
  { group: '*', resource: '*', namespaced: true },
];

const AT_ONCE = 24;

interface Resource {
  group: string;
  /** With its subresource: `pods/log`. */
  resource: string;
  namespaced: boolean;
}

/** Every resource and subresource of every group that the API server has. */
async function resourcesOf(client: RawClient): Promise<Resource[]> {
  interface Group {
    versions: { groupVersion: string }[];
  }
  const groups: Group[] = (await client.request('GET', '/apis')).body.groups;
  const versions = groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion));
  const lists = await Promise.all(
    ['v1', ...versions].map(async (groupVersion) => {
      const path = groupVersion === 'v1' ? '/api/v1' : `/apis/${groupVersion}`;
      const group = groupVersion.includes('/') ? groupVersion.replace(/\/.*/, '') : '';
      const found: { name: string; namespaced: boolean }[] = (await client.request('GET', path)).body.resources;
      return found.map(({ name, namespaced }) => ({ group, resource: name, namespaced }));
    }),
  );
  return [...new Map(lists.flat().map((one) => [`${one.group} ${one.resource}`, one])).values()];
}

/**
 * Asks the API server about everything that can be asked for, with every verb: in each of the namespaces, and in the whole
 * cluster. Gives what is allowed, and how many questions that took.
 */
export async function allThatIsAllowed(
  client: RawClient,
  namespaces: readonly string[],
): Promise<{ allowed: string[]; asked: number }> {
  const resources = [...(await resourcesOf(client)), ...VIRTUAL];
  const questions = resources.flatMap(({ group, resource: named, namespaced }) => {
    const [resource = '', subresource] = named.split('/');
    const places = namespaced ? [...namespaces, undefined] : [undefined];
    return places.flatMap((namespace) =>
      [...VERBS, '*'].map((verb): Attempt => ({ verb, group, resource, subresource, namespace })),
    );
  });
  const allowed: string[] = [];
  const left = questions.values();
  const lane = async () => {
    for (const question of left) if (await may(client, question)) allowed.push(inWords(question));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return { allowed: allowed.sort(), asked: questions.length };
}

/** `get pods/log in shop` */
export function inWords({ verb, group, resource, subresource, name, namespace }: Attempt): string {
  const what = [resource, subresource].filter(Boolean).join('/');
  const which = [what, group && `of ${group}`, name && `called ${name}`].filter(Boolean).join(' ');
  return `${verb} ${which} ${namespace === undefined ? 'everywhere' : `in ${namespace}`}`;
}
