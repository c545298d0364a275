import type { Json, KubeObject } from '../types.ts';

const rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%' };

const POD_SPEC = { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst' };

/** The API server leaves them out: what is left of a map after its last key was taken away, for instance. */
export const withoutEmptyMaps = (metadata: Json): Json => {
  const { labels, annotations, ...rest } = metadata;
  const kept = (map: Json) => map && Object.keys(map).length > 0;
  return { ...rest, ...(kept(labels) ? { labels } : {}), ...(kept(annotations) ? { annotations } : {}) };
};

const podSpec = (spec: Json): Json => ({ ...POD_SPEC, schedulerName: 'default-scheduler', ...spec });
const withTemplate = (spec: Json): Json => ({
  ...spec,
  template: {
    ...spec.template,
    metadata: withoutEmptyMaps(spec.template?.metadata ?? {}),
    spec: podSpec(spec.template?.spec),
  },
});

function deploymentStrategy(strategy: Json): Json {
  const type = strategy?.type ?? 'RollingUpdate';
  if (type !== 'RollingUpdate') return { type };
  return { type, rollingUpdate: { ...rollingUpdate, ...strategy?.rollingUpdate } };
}

function updateStrategy(strategy: Json, rolling: Json): Json {
  const type = strategy?.type ?? 'RollingUpdate';
  return type === 'RollingUpdate' ? { type, rollingUpdate: { ...rolling, ...strategy?.rollingUpdate } } : { type };
}

/** A Job selects its pods by its own uid. */
function jobSpec(spec: Json, { metadata: { name, uid } }: KubeObject): Json {
  const own = { 'controller-uid': uid, 'job-name': name };
  const { template } = spec;
  const labels = { ...template?.metadata?.labels, ...own };
  return {
    ...{ parallelism: 1, completions: 1, backoffLimit: 6 },
    ...withTemplate({ ...spec, template: { ...template, metadata: { ...template?.metadata, labels } } }),
    selector: { matchLabels: { 'controller-uid': uid } },
  };
}

const SPECS: Record<string, (spec: Json, object: KubeObject) => Json> = {
  Pod: podSpec,
  Job: jobSpec,
  Deployment: (spec) => ({
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...withTemplate(spec),
    strategy: deploymentStrategy(spec.strategy),
  }),
  ReplicaSet: (spec) => ({ replicas: 1, ...withTemplate(spec) }),
  StatefulSet: (spec) => ({
    replicas: 1,
    revisionHistoryLimit: 10,
    podManagementPolicy: 'OrderedReady',
    ...withTemplate(spec),
    updateStrategy: updateStrategy(spec.updateStrategy, { partition: 0 }),
  }),
  DaemonSet: (spec) => ({
    revisionHistoryLimit: 10,
    ...withTemplate(spec),
    updateStrategy: updateStrategy(spec.updateStrategy, { maxUnavailable: 1 }),
  }),
};

/** Fills in what the API server would: so that readers find the same fields there as on a real cluster. */
export function withDefaults(object: KubeObject): KubeObject {
  const fill = SPECS[object.kind];
  return fill && object.spec ? { ...object, spec: fill(object.spec, object) } : object;
}
