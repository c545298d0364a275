import type { RbacDocument, Rule } from '../../../src/rbac.ts';
import type { RawClient } from '../cluster/http-client.ts';
import { created } from './service-account.ts';

/** Where a manifest's objects are to go, so that several tests can share a cluster. */
export interface Place {
  /** Its namespaces, by those that the manifest names. */
  namespaces: Readonly<Record<string, string>>;
  /** For the names of Roles and bindings. */
  suffix: string;
}

/** The same documents elsewhere. Throws where one is in a namespace that the place does not have. */
export function placed(documents: readonly RbacDocument[], { namespaces, suffix }: Place): RbacDocument[] {
  const moved = (namespace: string) => {
    const there = namespaces[namespace];
    if (there === undefined) throw new Error(`the manifest is about the namespace ${namespace}`);
    return there;
  };
  return documents.map((document) => {
    const { kind, metadata, roleRef, subjects } = document;
    const { name, namespace } = metadata;
    return {
      ...document,
      metadata: {
        name: kind === 'ServiceAccount' ? name : `${name}-${suffix}`,
        ...(namespace !== undefined && { namespace: moved(namespace) }),
      },
      ...(roleRef && { roleRef: { ...roleRef, name: `${roleRef.name}-${suffix}` } }),
      ...(subjects && { subjects: subjects.map((one) => ({ ...one, namespace: moved(one.namespace) })) }),
    };
  });
}

export async function applyRbac(client: RawClient, documents: readonly RbacDocument[]): Promise<void> {
  await Promise.all(documents.map((document) => created(client, pathOf(document), document)));
}

function pathOf({ apiVersion, kind, metadata: { namespace } }: RbacDocument): string {
  const base = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return `${base}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${kind.toLowerCase()}s`;
}

/** A rule and where it holds; in the whole cluster where there is no namespace. */
export interface Grant extends Rule {
  namespace: string | undefined;
}

/** What the documents grant. */
export function grantsOf(documents: readonly RbacDocument[]): Grant[] {
  return documents.flatMap(({ metadata, rules = [] }) =>
    rules.map((rule) => ({ ...rule, namespace: metadata.namespace })),
  );
}
