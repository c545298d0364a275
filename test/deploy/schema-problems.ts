import { Ajv } from 'ajv';
import { validate as deployment } from 'kubernetes-models/_schemas/IoK8sApiAppsV1Deployment';
import { validate as statefulSet } from 'kubernetes-models/_schemas/IoK8sApiAppsV1StatefulSet';
import { validate as configMap } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap';
import { validate as namespace } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Namespace';
import { validate as secret } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Secret';
import { validate as service } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Service';
import { validate as serviceAccount } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ServiceAccount';
import { validate as networkPolicy } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy';
import { validate as podDisruptionBudget } from 'kubernetes-models/_schemas/IoK8sApiPolicyV1PodDisruptionBudget';
import { validate as clusterRole } from 'kubernetes-models/_schemas/IoK8sApiRbacV1ClusterRole';
import { validate as clusterRoleBinding } from 'kubernetes-models/_schemas/IoK8sApiRbacV1ClusterRoleBinding';
import { validate as role } from 'kubernetes-models/_schemas/IoK8sApiRbacV1Role';
import { validate as roleBinding } from 'kubernetes-models/_schemas/IoK8sApiRbacV1RoleBinding';
import type { Manifest } from './manifest.ts';
import { PROMETHEUS_RULE, SERVICE_MONITOR } from './prometheus-schemas.ts';

interface Validate {
  (data: unknown): boolean;
  errors?: { instancePath: string; keyword: string; params: unknown }[] | null;
}

const ajv = new Ajv({ strictTypes: false });

/** Kubernetes' own schemas of the kinds that we install, and the Prometheus operator's. */
const SCHEMAS: Record<string, unknown> = {
  'v1 ConfigMap': configMap,
  'v1 Namespace': namespace,
  'v1 Secret': secret,
  'v1 Service': service,
  'v1 ServiceAccount': serviceAccount,
  'apps/v1 Deployment': deployment,
  'apps/v1 StatefulSet': statefulSet,
  'networking.k8s.io/v1 NetworkPolicy': networkPolicy,
  'policy/v1 PodDisruptionBudget': podDisruptionBudget,
  'rbac.authorization.k8s.io/v1 ClusterRole': clusterRole,
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': clusterRoleBinding,
  'rbac.authorization.k8s.io/v1 Role': role,
  'rbac.authorization.k8s.io/v1 RoleBinding': roleBinding,
  'monitoring.coreos.com/v1 ServiceMonitor': ajv.compile(SERVICE_MONITOR),
  'monitoring.coreos.com/v1 PrometheusRule': ajv.compile(PROMETHEUS_RULE),
};

/** What an API server with strict field validation would refuse: wrong values, missing fields, fields that do not exist. */
export function schemaProblems(manifest: Manifest): string[] {
  const validate = SCHEMAS[`${manifest.apiVersion} ${manifest.kind}`] as Validate | undefined;
  if (!validate) return [`there is no schema for ${manifest.apiVersion} ${manifest.kind}`];
  const read = new Set<string>();
  const wrong = validate(watched(manifest, '', read)) ? [] : (validate.errors ?? []);
  return [
    ...wrong.map(({ instancePath, keyword, params }) => `${instancePath}: ${keyword} ${JSON.stringify(params)}`),
    ...unread(manifest, '', read),
  ];
}

/**
 * The schemas allow fields that they do not know. But a validator reads each field that it knows: what it never looked at
 * is no field.
 */
function watched<T>(value: T, path: string, read: Set<string>): T {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key) {
      const field = `${path}/${String(key)}`;
      read.add(field);
      return watched(Reflect.get(target, key), field, read);
    },
  });
}

function unread(value: unknown, path: string, read: Set<string>): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const field = `${path}/${key}`;
    return read.has(field) ? unread(inner, field, read) : [`${field}: there is no such field`];
  });
}
