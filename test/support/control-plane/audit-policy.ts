/** What the API server writes to its audit log: writes to workloads, with what was sent and what came of it. */
export const AUDIT_POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  rules: [
    {
      level: 'RequestResponse',
      verbs: ['create', 'update', 'patch', 'delete'],
      resources: [
        {
          group: 'apps',
          resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'].flatMap((resource) => [
            resource,
            `${resource}/scale`,
            `${resource}/status`,
          ]),
        },
      ],
    },
    { level: 'None' },
  ],
};
