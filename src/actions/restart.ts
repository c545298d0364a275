import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Workload, WorkloadKind } from '../kubernetes/cluster.ts';
import { type Action, type ActionContext, defineAction, type Grammar, type Plan } from './action.ts';
import { followRollout, type Pace } from './follow-rollout.ts';
import { formatCommand } from './format-command.ts';
import { NamespaceName, WantedWorkload } from './input-schemas.ts';
import { LIST_PODS, patchRights, READ_EVENTS, READ_WORKLOADS } from './permissions.ts';
import { joinNamespace, resolveWorkload } from './resolve-workload.ts';
import { restartWarnings } from './restart-warnings.ts';
import { kindWord, targetWorkload, workloadWords } from './workload-words.ts';

const RestartInput = z.object({ namespace: NamespaceName.optional(), workload: WantedWorkload });
type RestartInput = z.infer<typeof RestartInput>;

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const satisfies readonly WorkloadKind[];

/** The annotation of `kubectl rollout restart`: a new value makes a new pod template, and so a rollout. */
const RESTARTED_AT = 'kubectl.kubernetes.io/restartedAt';
const RestartPatch = z.strictObject({
  spec: z.strictObject({
    template: z.strictObject({
      metadata: z.strictObject({ annotations: z.strictObject({ [RESTARTED_AT]: z.iso.datetime() }) }),
    }),
  }),
});

const command: Grammar = { patterns: [['workload'], ['workload', 'namespace']], flags: [] };

/** Replaces the pods of a workload one after the other, as `kubectl rollout restart` does. */
export function createRestart(pace: Pace): Action {
  return defineAction<RestartInput>({
    name: 'restart',
    title: 'Restart a workload',
    description: 'Replace all pods of a Deployment, StatefulSet or DaemonSet, as its update strategy says.',
    verb: 'Restart',
    examples: [
      {
        line: 'restart deployment api',
        input: { workload: { kind: 'Deployment', name: 'api' } },
        says: 'Restart the Deployment api, in whichever namespace it is.',
      },
      {
        line: 'restart api default',
        input: { workload: { namespace: 'default', name: 'api' } },
        says: 'The same by name and namespace.',
      },
      {
        line: 'restart sts/db -n prod --reason "stuck"',
        input: { workload: { kind: 'StatefulSet', namespace: 'prod', name: 'db' } },
        says: 'Restart the StatefulSet db in prod, and say why.',
      },
    ],
    input: RestartInput,
    fields: [
      { control: 'namespace', name: 'namespace', label: 'Namespace' },
      { control: 'workload', name: 'workload', label: 'Workload', kinds: KINDS },
    ],
    command,
    effect: 'change',
    destructive: true,
    shortcut: true,
    permissions: [
      ...READ_WORKLOADS,
      ...patchRights(['deployments', 'statefulsets', 'daemonsets']),
      ...LIST_PODS,
      ...READ_EVENTS,
    ],
    plan,
    patch: RestartPatch,
    execute: (context, accepted) => context.apply(accepted),
    follow: (context, accepted) =>
      followRollout(context, accepted, { action: 'restart', restartedAt: restartTime(accepted) }, pace),
    event: { reason: 'Restarted', words: () => 'Rolling restart' },
    headline: ({ target }) => `Restart ${workloadWords(targetWorkload(target))}`,
    describe: ({ workload, namespace }) =>
      `Restart ${workloadWords({ ...workload, namespace: workload.namespace ?? namespace })}`,
  });
}

async function plan(context: ActionContext, input: RestartInput): Promise<Plan> {
  const wanted = joinNamespace(input.workload, input.namespace);
  const workload = await resolveWorkload(context, wanted, { kinds: KINDS, command: commandLine });
  requireRestartable(workload);
  return planOf(workload, context.requestedAt);
}

function planOf(workload: Workload, requestedAt: number): Plan {
  const { kind, namespace, name, uid } = workload;
  // With milliseconds, or two restarts within a second would be one.
  const restartedAt = new Date(requestedAt).toISOString();
  return {
    action: 'restart',
    input: { workload: { kind, namespace, name } },
    target: { kind, namespace, name, uid },
    patch: { spec: { template: { metadata: { annotations: { [RESTARTED_AT]: restartedAt } } } } },
    preconditions: [{ field: 'paused', equals: false }],
    diff: [{ field: 'Last restart', before: workload.restartedAt ?? 'never', after: restartedAt }],
    warnings: restartWarnings(workload),
  };
}

function requireRestartable(workload: Workload): void {
  const { kind, namespace, name, owner } = workload;
  if (kind === 'ReplicaSet') {
    throw new InputError(`${name} is a ReplicaSet: it keeps its pods as they are, so it cannot restart them.`, {
      advice:
        owner === undefined
          ? 'Delete its pods one by one, and it makes new ones.'
          : `Restart its owner: \`restart ${owner.kind.toLowerCase()} ${owner.name} -n ${namespace}\`.`,
      field: 'workload',
    });
  }
  if (workload.paused) {
    throw new InputError(`The Deployment ${name} in ${namespace} is paused: a restart would not begin.`, {
      advice: `Resume it first: \`kubectl rollout resume deployment/${name} -n ${namespace}\`.`,
      field: 'workload',
    });
  }
  if (workload.replicas === 0) {
    throw new InputError(`The ${kindWord(kind)} ${name} in ${namespace} has no pods to restart.`, {
      advice:
        kind === 'DaemonSet'
          ? 'No node matches it.'
          : `Scale it up: \`scale ${kindWord(kind)} ${name} 1 -n ${namespace}\`.`,
      field: 'workload',
    });
  }
}

function restartTime(accepted: Plan): string {
  return RestartPatch.parse(accepted.patch).spec.template.metadata.annotations[RESTARTED_AT];
}

function commandLine(workload: WantedWorkload): string {
  return formatCommand({ name: 'restart', command }, { workload });
}
