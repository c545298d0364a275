import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Autoscaler, Workload, WorkloadKind } from '../kubernetes/cluster.ts';
import { type Action, type ActionContext, defineAction, type Grammar, type Plan } from './action.ts';
import { followRollout, type Pace } from './follow-rollout.ts';
import { formatCommand } from './format-command.ts';
import { MOST_REPLICAS, NamespaceName, Replicas, WantedWorkload } from './input-schemas.ts';
import { LIST_PODS, patchRights, READ_AUTOSCALERS, READ_EVENTS, READ_WORKLOADS } from './permissions.ts';
import { joinNamespace, resolveWorkload } from './resolve-workload.ts';
import { scaleWarnings } from './scale-warnings.ts';
import { kindWord, plural, targetWorkload, workloadWords } from './workload-words.ts';

const ScaleInput = z.object({
  namespace: NamespaceName.optional(),
  workload: WantedWorkload,
  replicas: Replicas,
});
type ScaleInput = z.infer<typeof ScaleInput>;

const KINDS = ['Deployment', 'StatefulSet', 'ReplicaSet'] as const satisfies readonly WorkloadKind[];

const command: Grammar = {
  patterns: [
    ['workload', { integer: 'replicas' }],
    ['workload', 'namespace', { integer: 'replicas' }],
    ['workload'],
    ['workload', 'namespace'],
  ],
  flags: [{ name: 'replicas', long: '--replicas', type: 'integer', placeholder: 'replicas' }],
};

/** Sets the number of pods of a Deployment, a StatefulSet, or a ReplicaSet that nothing else controls. */
export function createScale(pace: Pace): Action {
  return defineAction<ScaleInput>({
    name: 'scale',
    title: 'Scale a workload',
    description: 'Set how many pods a Deployment, StatefulSet or ReplicaSet runs.',
    verb: 'Scale',
    examples: [
      {
        line: 'scale deployment nginx 3',
        input: { workload: { kind: 'Deployment', name: 'nginx' }, replicas: 3 },
        says: 'Run 3 pods of the Deployment nginx, in whichever namespace it is.',
      },
      {
        line: 'scale nginx default 3',
        input: { workload: { namespace: 'default', name: 'nginx' }, replicas: 3 },
        says: 'The same by name and namespace.',
      },
      {
        line: 'scale deploy/nginx -n prod --replicas 3 --reason "launch at noon"',
        input: { workload: { kind: 'Deployment', namespace: 'prod', name: 'nginx' }, replicas: 3 },
        says: 'The same as one writes it for kubectl, with the reason.',
      },
    ],
    input: ScaleInput,
    fields: [
      { control: 'namespace', name: 'namespace', label: 'Namespace' },
      { control: 'workload', name: 'workload', label: 'Workload', kinds: KINDS },
      { control: 'number', name: 'replicas', label: 'Replicas', min: 0, max: MOST_REPLICAS },
    ],
    command,
    effect: 'change',
    destructive: true,
    shortcut: true,
    permissions: [
      ...READ_WORKLOADS,
      ...patchRights(['deployments', 'statefulsets', 'replicasets']),
      ...LIST_PODS,
      ...READ_EVENTS,
      ...READ_AUTOSCALERS,
    ],
    plan,
    patch: z.strictObject({ spec: z.strictObject({ replicas: Replicas }) }),
    execute: (context, accepted) => context.apply(accepted),
    follow: (context, accepted) =>
      followRollout(context, accepted, { action: 'scale', replicas: ScaleInput.parse(accepted.input).replicas }, pace),
    event: { reason: 'Scaled', words: ({ diff }) => diff.map(changeWords).join(', ') },
    undo: undoScale,
    headline: ({ target, diff }) => `Scale ${workloadWords(targetWorkload(target))}${toward(diff)}`,
    describe: ({ workload, namespace, replicas }) =>
      `Scale ${workloadWords({ ...workload, namespace: workload.namespace ?? namespace })} to ${plural(replicas, 'replica')}`,
  });
}

async function plan(context: ActionContext, input: ScaleInput): Promise<Plan> {
  const { replicas } = input;
  const wanted = joinNamespace(input.workload, input.namespace);
  const workload = await resolveWorkload(context, wanted, {
    kinds: KINDS,
    command: (ref) => commandLine(ref, replicas),
  });
  requireScalable(workload, replicas);
  const autoscaler = await context.cluster.findAutoscaler(workload, { signal: context.signal });
  return planOf(workload, replicas, autoscaler);
}

function planOf(workload: Workload, replicas: number, autoscaler: Autoscaler | undefined): Plan {
  const { kind, namespace, name, uid } = workload;
  return {
    action: 'scale',
    input: { workload: { kind, namespace, name }, replicas },
    target: { kind, namespace, name, uid },
    patch: { spec: { replicas } },
    preconditions: [{ field: 'replicas', equals: workload.replicas }],
    diff: [{ field: 'Replicas', before: String(workload.replicas), after: String(replicas) }],
    warnings: scaleWarnings(workload, replicas, autoscaler),
  };
}

function requireScalable(workload: Workload, replicas: number): void {
  const { kind, namespace, name, owner } = workload;
  if (kind === 'DaemonSet') {
    throw new InputError(
      `${name} is a DaemonSet: it runs one pod on each node it fits, so it has no replicas to set.`,
      {
        advice: `Change its node selector to run it on fewer nodes; \`restart daemonset ${name} -n ${namespace}\` works.`,
        field: 'workload',
      },
    );
  }
  if (kind === 'ReplicaSet' && owner !== undefined) {
    throw new InputError(
      `The ReplicaSet ${name} belongs to the ${owner.kind} ${owner.name}, which would set it back.`,
      {
        advice: `Scale the owner: \`scale ${owner.kind.toLowerCase()} ${owner.name} ${replicas} -n ${namespace}\`.`,
        field: 'workload',
      },
    );
  }
  if (workload.replicas === replicas) {
    throw new InputError(`The ${kindWord(kind)} ${name} in ${namespace} already has ${plural(replicas, 'replica')}.`, {
      advice: 'Nothing is left to do; `pods` shows how its pods are.',
      field: 'replicas',
    });
  }
}

function undoScale(accepted: Plan) {
  const before = accepted.preconditions.find((one) => one.field === 'replicas')?.equals;
  if (typeof before !== 'number') return undefined;
  return { action: 'scale', input: { workload: targetWorkload(accepted.target), replicas: before } };
}

function commandLine(workload: WantedWorkload, replicas: number): string {
  return formatCommand({ name: 'scale', command }, { workload, replicas });
}

function changeWords({ field, before, after }: Plan['diff'][number]): string {
  return `${field} ${before} → ${after}`;
}

function toward(diff: Plan['diff']): string {
  const line = diff.find((one) => one.field === 'Replicas');
  return line === undefined ? '' : ` to ${plural(Number(line.after), 'replica')}`;
}
