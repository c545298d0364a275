import { InputError, NotFoundError } from '../errors.ts';
import type { Workload, WorkloadKind, WorkloadRef } from '../kubernetes/cluster.ts';
import { nearNames } from '../kubernetes/search-snapshot.ts';
import type { WorkloadSummary } from '../kubernetes/snapshot-reader.ts';
import type { ActionContext } from './action.ts';
import { requireAllowed, requireNamespace } from './check-namespace.ts';
import type { WantedWorkload } from './input-schemas.ts';
import { anyOf, workloadWords } from './workload-words.ts';

/** What the asking action can work with, and the command that names one workload exactly. */
export interface Choice {
  kinds: readonly WorkloadKind[];
  command(ref: WorkloadRef): string;
}

/** At most so many commands in one answer: more would be a list, not a question. */
const MOST_OFFERED = 5;

/**
 * The one workload that a person means, read live. Where the kind or the namespace is missing, what exists under that
 * name decides; kinds that the action cannot work with give way to kinds that it can. InputError where several are left,
 * NotFoundError (with near names) where none is, NotAllowedError for a namespace that is left out by configuration.
 */
export async function resolveWorkload(
  context: ActionContext,
  wanted: WantedWorkload,
  choice: Choice,
): Promise<Workload> {
  if (wanted.namespace === undefined) return resolveAnywhere(context, wanted, choice);
  requireAllowed(context, wanted.namespace);
  const namespace = wanted.namespace;
  const found = await findIn(context, namespace, wanted);
  if (found.length > 0) return only(suitable(found, choice.kinds), wanted, choice);
  requireNamespace(context, namespace);
  throw notFoundIn(context, wanted, namespace, choice);
}

/** The namespace beside the workload narrows the modal's search only; where both are given they have to agree. */
export function joinNamespace<W extends WantedWorkload>(workload: W, namespace: string | undefined): W {
  if (namespace === undefined || workload.namespace === namespace) return workload;
  if (workload.namespace === undefined) return { ...workload, namespace };
  throw new InputError(`${workload.name} is in ${workload.namespace}, not in ${namespace}.`, {
    advice: 'Choose the workload again.',
    field: 'workload',
  });
}

async function resolveAnywhere(context: ActionContext, wanted: WantedWorkload, choice: Choice): Promise<Workload> {
  const known = [...context.snapshot.workloads.values()].filter((one) => matches(context, one, wanted));
  if (known.length === 0) throw notFoundAnywhere(context, wanted, choice);
  const { kind, namespace, name } = only(suitable(known, choice.kinds), wanted, choice);
  return context.cluster.getWorkload({ kind, namespace, name }, { signal: context.signal });
}

function matches(context: ActionContext, one: WorkloadSummary, wanted: WantedWorkload): boolean {
  if (one.name !== wanted.name || (wanted.kind !== undefined && one.kind !== wanted.kind)) return false;
  return context.allowsNamespace(one.namespace);
}

async function findIn(context: ActionContext, namespace: string, wanted: WantedWorkload): Promise<Workload[]> {
  const { kind, name } = wanted;
  const options = { signal: context.signal };
  if (kind === undefined) return context.cluster.findWorkloads(namespace, name, options);
  try {
    return [await context.cluster.getWorkload({ kind, namespace, name }, options)];
  } catch (error) {
    if (error instanceof NotFoundError) return [];
    throw error;
  }
}

/** The ones that the action can work with; all of them where it can work with none, so that it can say why. */
function suitable<W extends WorkloadRef>(found: W[], kinds: readonly WorkloadKind[]): W[] {
  const fitting = found.filter((one) => kinds.includes(one.kind));
  return fitting.length > 0 ? fitting : found;
}

function only<W extends WorkloadRef>(found: W[], wanted: WantedWorkload, choice: Choice): W {
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return first;
  const offered = found.slice(0, MOST_OFFERED).map((one) => `\`${choice.command(one)}\``);
  const more = found.length > MOST_OFFERED ? ` (${found.length - MOST_OFFERED} more are left out here)` : '';
  throw new InputError(`${found.length} workloads are called ${wanted.name}.`, {
    advice: `Say which one you mean: ${anyOf(offered)}${more}.`,
    field: 'workload',
  });
}

function notFoundIn(context: ActionContext, wanted: WantedWorkload, namespace: string, choice: Choice): NotFoundError {
  const all = [...context.snapshot.workloads.values()].filter((one) => context.allowsNamespace(one.namespace));
  const elsewhere = all.filter((one) => matches(context, one, wanted) && choice.kinds.includes(one.kind));
  const here = all.filter((one) => one.namespace === namespace).map((one) => one.name);
  const what = wanted.kind === undefined ? `workload called ${wanted.name} in ${namespace}` : workloadWords(wanted);
  return new NotFoundError(`There is no ${what}.`, {
    advice:
      elsewhere.length > 0
        ? `There is ${anyOf(elsewhere.slice(0, MOST_OFFERED).map((one) => `\`${choice.command(one)}\``))}.`
        : nearAdvice(here, wanted.name, `Try \`pods ${namespace}\` to see what runs there.`),
    field: 'workload',
  });
}

function notFoundAnywhere(context: ActionContext, wanted: WantedWorkload, choice: Choice): NotFoundError {
  const names = [...context.snapshot.workloads.values()]
    .filter((one) => context.allowsNamespace(one.namespace) && choice.kinds.includes(one.kind))
    .map((one) => one.name);
  const otherwise = context.snapshot.complete
    ? 'If it was created just now, name its namespace with -n.'
    : 'opsbot has not seen the whole cluster yet: name its namespace with -n.';
  return new NotFoundError(`No namespace that opsbot watches has a ${workloadNoun(wanted)} called ${wanted.name}.`, {
    advice: nearAdvice(names, wanted.name, otherwise),
    field: 'workload',
  });
}

function workloadNoun(wanted: WantedWorkload): string {
  return wanted.kind === undefined ? 'workload' : wanted.kind.toLowerCase();
}

/** Names that were probably meant: a typing error away, or what a pod's or ReplicaSet's name begins with. */
function nearAdvice(names: string[], wanted: string, otherwise: string): string {
  const begun = names.filter((name) => wanted.startsWith(`${name}-`));
  const near = [...new Set([...begun, ...nearNames(names, wanted, 3)])].slice(0, 3);
  return near.length > 0 ? `Did you mean ${anyOf(near)}?` : otherwise;
}
