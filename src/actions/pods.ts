import { z } from 'zod';
import { InputError } from '../errors.ts';
import { type Pod, WORKLOAD_KINDS, type Workload } from '../kubernetes/cluster.ts';
import { type Action, type ActionContext, defineAction, type Grammar, type Plan, type Reading } from './action.ts';
import { requireAllowed, requireNamespace } from './check-namespace.ts';
import { formatCommand } from './format-command.ts';
import { LabelSelector, NamespaceName, WorkloadOfKind } from './input-schemas.ts';
import { LIST_PODS, READ_WORKLOADS } from './permissions.ts';
import { isWell, podTable } from './pod-table.ts';
import { podsOf } from './pod-trouble.ts';
import { joinNamespace, resolveWorkload } from './resolve-workload.ts';
import { withoutGaps } from './without-gaps.ts';
import { plural, targetWorkload, workloadWords } from './workload-words.ts';

const PodsInput = z
  .object({
    namespace: NamespaceName.optional(),
    workload: WorkloadOfKind.optional(),
    selector: LabelSelector.optional(),
  })
  .refine((input) => input.namespace !== undefined || input.workload !== undefined, {
    error: 'Say which namespace.',
    path: ['namespace'],
  })
  .refine((input) => input.workload === undefined || input.selector === undefined, {
    error: 'Give a workload or a label selector, not both.',
    path: ['selector'],
  });
type PodsInput = z.infer<typeof PodsInput>;

const command: Grammar = {
  patterns: [['namespace'], ['workload'], []],
  flags: [{ name: 'selector', long: '--selector', short: '-l', type: 'string', placeholder: 'app=web' }],
};

/** The pods of a namespace or of a workload, as `kubectl get pods` prints them. */
export function createPods(): Action {
  return defineAction<PodsInput>({
    name: 'pods',
    title: 'List pods',
    description: 'List the pods of a namespace or of a workload, those in trouble first.',
    verb: 'List pods',
    examples: [
      { line: 'pods default', input: { namespace: 'default' }, says: 'All pods of the namespace default.' },
      {
        line: 'pods -n prod -l app=web',
        input: { namespace: 'prod', selector: 'app=web' },
        says: 'The pods in prod that have the label app=web.',
      },
      {
        line: 'pods deployment api -n prod',
        input: { workload: { kind: 'Deployment', namespace: 'prod', name: 'api' } },
        says: 'The pods of one Deployment.',
      },
    ],
    input: PodsInput,
    fields: [
      { control: 'namespace', name: 'namespace', label: 'Namespace' },
      { control: 'text', name: 'selector', label: 'Label selector', optional: true, hint: 'For example app=web.' },
    ],
    command,
    effect: 'read',
    destructive: false,
    shortcut: false,
    permissions: [...LIST_PODS, ...READ_WORKLOADS],
    plan,
    read,
    headline: ({ target }) =>
      `Pods of ${target.kind === 'Namespace' ? target.namespace : workloadWords(targetWorkload(target))}`,
    describe: ({ namespace, workload }) =>
      `Pods of ${workload === undefined ? (namespace ?? 'a namespace') : workloadWords({ ...workload, namespace: workload.namespace ?? namespace })}`,
  });
}

async function plan(context: ActionContext, input: PodsInput): Promise<Plan> {
  const base = { action: 'pods', patch: null, preconditions: [], diff: [], warnings: [] };
  if (input.workload !== undefined) {
    const { kind, namespace, name, uid } = await findWorkload(context, joinNamespace(input.workload, input.namespace));
    return { ...base, input: { workload: { kind, namespace, name } }, target: { kind, namespace, name, uid } };
  }
  const { namespace, selector } = input;
  if (namespace === undefined) throw new InputError('Say which namespace.', { field: 'namespace' });
  requireAllowed(context, namespace);
  return {
    ...base,
    input: withoutGaps<PodsInput>({ namespace, selector }),
    target: { kind: 'Namespace', namespace, name: '', uid: undefined },
  };
}

function findWorkload(context: ActionContext, wanted: NonNullable<PodsInput['workload']>): Promise<Workload> {
  return resolveWorkload(context, wanted, {
    kinds: WORKLOAD_KINDS,
    command: (ref) => formatCommand({ name: 'pods', command }, { workload: ref }),
  });
}

async function read(context: ActionContext, accepted: Plan): Promise<Reading> {
  const input = PodsInput.parse(accepted.input);
  const { pods, of } = await listPods(context, input);
  if (pods.length === 0 && input.namespace !== undefined) requireNamespace(context, input.namespace);
  return {
    headline: summary(pods, of),
    body: pods.length === 0 ? '' : podTable(pods, context.now()),
    filename: `pods-${accepted.target.name === '' ? accepted.target.namespace : accepted.target.name}.txt`,
    note: undefined,
  };
}

async function listPods(context: ActionContext, input: PodsInput): Promise<{ pods: Pod[]; of: string }> {
  const options = { signal: context.signal };
  if (input.workload !== undefined) {
    const workload = await findWorkload(context, input.workload);
    const selected = await context.cluster.listPods(workload.namespace, workload.selector, options);
    return { pods: podsOf(workload, selected), of: `of ${workloadWords(workload)}` };
  }
  const { namespace = '', selector } = input;
  const pods = await context.cluster.listPods(namespace, selector, options);
  return { pods, of: selector === undefined ? `in ${namespace}` : `in ${namespace} with ${selector}` };
}

function summary(pods: readonly Pod[], of: string): string {
  const unwell = pods.filter((pod) => !isWell(pod)).length;
  const count = pods.length === 0 ? 'No pods' : plural(pods.length, 'pod');
  return `${count} ${of}${unwell === 0 ? '' : `, ${unwell} not ready`}`;
}
