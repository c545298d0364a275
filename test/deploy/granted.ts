import type { Manifest } from './manifest.ts';

interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** Every single right that Roles and ClusterRoles grant, like `get apps/deployments in prod`; `*` is the whole cluster. */
export function granted(manifests: readonly Pick<Manifest, 'kind' | 'metadata'>[]): Set<string> {
  return new Set(
    manifests
      .filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole')
      .flatMap((role) => {
        const { rules } = role as unknown as { rules: Rule[] };
        return rules.flatMap((rule) => rightsOf(rule).map((right) => `${right} in ${role.metadata.namespace ?? '*'}`));
      }),
  );
}

function rightsOf({ apiGroups, resources, resourceNames = [''], verbs }: Rule): string[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      resourceNames.flatMap((name) => verbs.map((verb) => `${verb} ${group}/${resource} ${name}`)),
    ),
  );
}
