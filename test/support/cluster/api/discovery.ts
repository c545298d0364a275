import { apiVersionOf, RESOURCES } from '../resources.ts';

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

const groupVersions = [...new Map(RESOURCES.map((resource) => [apiVersionOf(resource), resource])).values()];

const groupOf = ({ group, version }: { group: string; version: string }) => {
  const preferred = { groupVersion: apiVersionOf({ group, version }), version };
  return { name: group, versions: [preferred], preferredVersion: preferred };
};

const resourceList = (groupVersion: string) => ({
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion,
  resources: RESOURCES.filter((resource) => apiVersionOf(resource) === groupVersion).flatMap((resource) => {
    const { plural: name, kind, namespaced } = resource;
    const main = { name, singularName: '', namespaced, kind, verbs: VERBS };
    const subresources = [...(resource.status ? ['status'] : []), ...(resource.scale ? ['scale'] : [])];
    const shown = subresources.map((sub) => ({ ...main, name: `${name}/${sub}`, verbs: ['get', 'patch', 'update'] }));
    return [main, ...shown];
  }),
});

const FIXED: Record<string, unknown> = {
  '/version': { major: '1', minor: '34', gitVersion: 'v1.34.0-local', platform: 'linux/amd64' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groupVersions.filter(({ group }) => group !== '').map(groupOf),
  },
};

/** The body of a discovery path; undefined where there is none. */
export function discover(path: string): unknown {
  const version = groupVersions.find((resource) => {
    const groupVersion = apiVersionOf(resource);
    return path === (resource.group === '' ? '/api/v1' : `/apis/${groupVersion}`);
  });
  if (version) return resourceList(apiVersionOf(version));
  const group = groupVersions.find((resource) => resource.group !== '' && path === `/apis/${resource.group}`);
  return group ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) } : FIXED[path];
}
