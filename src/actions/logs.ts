import { z } from 'zod';
import { InputError } from '../errors.ts';
import { type ContainerStatus, type LogOptions, type Pod, WORKLOAD_KINDS } from '../kubernetes/cluster.ts';
import { type Action, type ActionContext, defineAction, type Grammar, type Plan, type Reading } from './action.ts';
import { chooseContainer } from './choose-container.ts';
import { formatCommand } from './format-command.ts';
import {
  ContainerName,
  DEFAULT_LINES,
  Duration,
  durationSeconds,
  Lines,
  MOST_LINES,
  NamespaceName,
  PodName,
  WorkloadOfKind,
} from './input-schemas.ts';
import { LIST_PODS, READ_WORKLOADS } from './permissions.ts';
import { shorten } from './pod-trouble.ts';
import { readPullError } from './pull-error.ts';
import { podOfWorkload, resolvePod } from './resolve-pod.ts';
import { joinNamespace, resolveWorkload } from './resolve-workload.ts';
import { withoutGaps } from './without-gaps.ts';
import { plural, workloadWords } from './workload-words.ts';

const Options = {
  container: ContainerName.optional(),
  lines: Lines.optional(),
  since: Duration.optional(),
  previous: z.boolean().optional(),
};
const LogsInput = z
  .object({
    namespace: NamespaceName.optional(),
    pod: PodName.optional(),
    workload: WorkloadOfKind.optional(),
    ...Options,
  })
  .refine((input) => (input.pod === undefined) !== (input.workload === undefined), {
    error: 'Say which pod, or which workload.',
    path: ['pod'],
  });
type LogsInput = z.infer<typeof LogsInput>;

/** What a plan has settled: one pod, one container. */
const LogsTarget = z.object({ namespace: NamespaceName, pod: PodName, ...Options, container: ContainerName });
type LogsTarget = z.infer<typeof LogsTarget>;

/** So much fits through Redis and into a file that somebody reads. */
const MOST_BYTES = 1024 * 1024;

const command: Grammar = {
  patterns: [['pod'], ['workload'], ['pod', 'namespace'], ['workload', 'namespace']],
  flags: [
    { name: 'container', long: '--container', short: '-c', type: 'string', placeholder: 'container' },
    { name: 'lines', long: '--tail', type: 'integer', placeholder: 'lines' },
    { name: 'since', long: '--since', type: 'duration', placeholder: '10m' },
    { name: 'previous', long: '--previous', short: '-p', type: 'boolean' },
  ],
};

/** The last lines of a container's log. */
export function createLogs(): Action {
  return defineAction<LogsInput>({
    name: 'logs',
    title: 'Read pod logs',
    description: 'Show the last lines of a pod’s log, with secrets masked.',
    verb: 'Show logs',
    examples: [
      {
        line: 'logs api-pod-abc',
        input: { pod: 'api-pod-abc' },
        says: 'The last 50 lines of that pod.',
      },
      {
        line: 'logs deploy/api',
        input: { workload: { kind: 'Deployment', name: 'api' } },
        says: 'The newest pod of the Deployment api that is not ready, else its newest.',
      },
      {
        line: 'logs api-pod-abc -n prod -c sidecar --tail 200 --since 10m --previous',
        input: {
          pod: 'api-pod-abc',
          namespace: 'prod',
          container: 'sidecar',
          lines: 200,
          since: '10m',
          previous: true,
        },
        says: 'Another container, more lines, only the last ten minutes, from before its last restart.',
      },
    ],
    input: LogsInput,
    fields: [
      { control: 'namespace', name: 'namespace', label: 'Namespace' },
      { control: 'pod', name: 'pod', label: 'Pod' },
      { control: 'container', name: 'container', label: 'Container', optional: true },
      {
        control: 'number',
        name: 'lines',
        label: 'Lines',
        min: 1,
        max: MOST_LINES,
        optional: true,
        initial: DEFAULT_LINES,
        hint: 'Counted from the end.',
      },
      { control: 'text', name: 'since', label: 'Since', optional: true, hint: 'For example 10m or 1h30m.' },
      { control: 'checkbox', name: 'previous', label: 'Previous', text: 'From before the last restart' },
    ],
    command,
    effect: 'read',
    destructive: false,
    shortcut: true,
    permissions: [
      { verb: 'get', group: '', resource: 'pods' },
      ...LIST_PODS,
      { verb: 'get', group: '', resource: 'pods', subresource: 'log' },
      ...READ_WORKLOADS,
    ],
    plan,
    read,
    headline: ({ target }) => `Logs of pod ${target.name} in ${target.namespace}`,
    describe: describeLogs,
  });
}

async function plan(context: ActionContext, input: LogsInput): Promise<Plan> {
  const pod = await findPod(context, input);
  const { namespace, name } = pod;
  const { lines, since, previous } = input;
  const container = chooseContainer(pod, input.container, (one) =>
    commandLine({ namespace, pod: name, lines, since, previous, container: one }),
  );
  if (previous === true && container.restarts === 0) throw neverRestarted(pod, container);
  return {
    action: 'logs',
    input: withoutGaps<LogsTarget>({ namespace, pod: name, container: container.name, lines, since, previous }),
    target: { kind: 'Pod', namespace, name, uid: pod.uid },
    patch: null,
    preconditions: [],
    diff: [],
    warnings: [],
  };
}

async function findPod(context: ActionContext, input: LogsInput): Promise<Pod> {
  const { pod, workload, namespace, ...options } = input;
  const choice = {
    kinds: WORKLOAD_KINDS,
    command: (ref: LogsInput['workload']) => commandLine({ workload: ref, ...options }),
    podCommand: (name: string, place: string) => commandLine({ pod: name, namespace: place, ...options }),
  };
  if (pod !== undefined) return resolvePod(context, { pod, namespace }, choice);
  if (workload === undefined) throw new InputError('Say which pod, or which workload.', { field: 'pod' });
  return podOfWorkload(context, await resolveWorkload(context, joinNamespace(workload, namespace), choice));
}

function neverRestarted(pod: Pod, container: ContainerStatus): InputError {
  const { namespace, name } = pod;
  return new InputError(`The container ${container.name} of pod ${name} has not restarted: there is no previous log.`, {
    advice: `Its present log: \`${commandLine({ namespace, pod: name, container: container.name })}\`.`,
    field: 'previous',
  });
}

async function read(context: ActionContext, accepted: Plan): Promise<Reading> {
  const target = LogsTarget.parse(accepted.input);
  const { namespace, pod, container, since, previous } = target;
  const lines = target.lines ?? DEFAULT_LINES;
  const text = await readText(context, target, {
    container,
    tail: lines,
    sinceSeconds: since === undefined ? undefined : durationSeconds(since),
    previous,
    limitBytes: MOST_BYTES,
  });
  const body = dropCutLine(text);
  const shown = body === '' ? 0 : body.trimEnd().split('\n').length;
  return {
    headline: `${plural(shown, 'line')} of ${pod} (${container}) in ${namespace}${previous ? ', before its last restart' : ''}`,
    body,
    filename: `${pod}-${container}${previous ? '-previous' : ''}.log`,
    note: noteOn({ shown, lines, since, cut: body.length < text.length, target }),
  };
}

async function readText(context: ActionContext, target: LogsTarget, options: LogOptions): Promise<string> {
  const { namespace, pod } = target;
  try {
    const text = await context.cluster.readLogs(namespace, pod, options, { signal: context.signal });
    if (text === '') await requireNode(context, target);
    return text;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const reason = await waitingReason(context, target);
    throw new InputError(error.message, { advice: reason ?? error.advice, field: 'pod', cause: error });
  }
}

/** The log of a pod without a node is empty, says the API server; whoever reads that would look for a silent program. */
async function requireNode(context: ActionContext, target: LogsTarget): Promise<void> {
  const { node, name } = await context.cluster.getPod(target.namespace, target.pod, { signal: context.signal });
  if (node !== undefined) return;
  const advice = 'No node was found for it so far; ask again in a moment.';
  throw new InputError(`Pod ${name} has no log yet: it has not started.`, { advice });
}

/** What a container without a log is waiting for, in the kubelet's words. */
async function waitingReason(context: ActionContext, target: LogsTarget): Promise<string | undefined> {
  const pod = await context.cluster.getPod(target.namespace, target.pod, { signal: context.signal });
  if (pod.unschedulable !== undefined) return `The pod finds no node: ${shorten(pod.unschedulable)}`;
  const container = pod.containers.find((one) => one.name === target.container);
  if (container?.state !== 'waiting' || container.reason === undefined) return undefined;
  const { image, answer = image } = readPullError(container.message ?? '');
  const why = answer === undefined ? '' : `: ${shorten(answer)}`;
  return `The container ${container.name} waits (${container.reason})${why}`;
}

/** A log that was cut to a number of bytes begins in the middle of a line, perhaps of a secret. */
function dropCutLine(text: string): string {
  if (Buffer.byteLength(text) < MOST_BYTES) return text;
  const end = text.indexOf('\n');
  return end === -1 || end === text.length - 1 ? text : text.slice(end + 1);
}

function noteOn(read: {
  shown: number;
  lines: number;
  since: string | undefined;
  cut: boolean;
  target: LogsTarget;
}): string | undefined {
  const { shown, lines, since, cut, target } = read;
  if (shown === 0) return since === undefined ? 'The log is empty.' : `Nothing was logged in the last ${since}.`;
  if (cut) return 'Only the last 1 MiB is shown.';
  if (shown < lines || lines >= MOST_LINES) return undefined;
  const more = Math.min(MOST_LINES, lines * 4);
  return `More: \`${commandLine({ ...target, lines: more })}\``;
}

function commandLine(input: Partial<LogsInput>): string {
  return formatCommand({ name: 'logs', command }, input);
}

function describeLogs({ pod, workload, namespace }: LogsInput): string {
  const of =
    workload === undefined ? `pod ${pod ?? ''}` : workloadWords({ ...workload, namespace: workload.namespace });
  return `Logs of ${of}${workload?.namespace === undefined && namespace !== undefined ? ` in ${namespace}` : ''}`;
}
