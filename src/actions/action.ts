import type { z } from 'zod';
import type { Access, Cluster, MergePatch, WorkloadKind } from '../kubernetes/cluster.ts';
import type { ClusterSnapshot } from '../kubernetes/snapshot-reader.ts';

/**
 * An action is something opsbot can do. One file each; modal, command, help, RBAC rules and documentation are derived
 * from what is declared here. No Slack and no queue in an action: it reads the cluster, plans, applies, follows.
 *
 * Terms: the *input* is what a person asked for, the *plan* what that means for the cluster as it is now. People
 * approve a plan, never an input.
 */

/** What a plan points at. `kind: 'Namespace'` for an action about all of one. */
export interface Target {
  kind: WorkloadKind | 'Pod' | 'Namespace';
  namespace: string;
  /** Empty for `kind: 'Namespace'`. */
  name: string;
  uid: string | undefined;
}

/** A value the plan rests on. Where the cluster's has changed by the time of execution, the plan is stale. */
export interface Precondition {
  field: 'replicas' | 'paused';
  equals: string | number | boolean;
}

export interface DiffLine {
  /** In people's words, e.g. `Replicas`. */
  field: string;
  before: string;
  after: string;
}

export interface Plan {
  action: string;
  /** The normalised input: namespace, kind and name resolved. */
  input: unknown;
  target: Target;
  /** Body of the change; null for a read. */
  patch: MergePatch | null;
  preconditions: Precondition[];
  diff: DiffLine[];
  /** Plain sentences, the gravest first. */
  warnings: string[];
}

/** Where the execution stands. */
export interface Progress {
  /** `12 of 20 pods updated`; plain text. */
  text: string;
  done: number;
  total: number;
}

export type Outcome =
  | { result: 'succeeded'; text: string }
  /** `reason` is the cluster's word (`ProgressDeadlineExceeded`, `ImagePullBackOff`), `text` the sentence for people. */
  | { result: 'failed'; reason: string; text: string };

/** What a read gives. `body` is preformatted text (a log, a table); masking and escaping are done by the caller. */
export interface Reading {
  headline: string;
  body: string;
  /** Name for the file, where the body is too long for a message; e.g. `api-7d9.log`. */
  filename: string;
  /** A short remark below the body, e.g. how to see more. */
  note: string | undefined;
}

export interface Applied {
  /** `metadata.generation` right after the patch: a rollout counts only once the controller has observed it. */
  generation: number;
}

export interface ActionContext {
  cluster: Cluster;
  snapshot: ClusterSnapshot;
  /** False for a namespace that the configuration leaves out. */
  allowsNamespace(namespace: string): boolean;
  /** When the request was made, in ms: the only clock whose value may end up in the cluster. */
  requestedAt: number;
  /** The person's words, e.g. for the change-cause. */
  now(): number;
  signal: AbortSignal;
}

export interface ExecuteContext extends ActionContext {
  /**
   * Applies the plan's patch at most once, however often it is called for the same request, and says so truthfully.
   * ConflictError where the cluster has drifted and nothing was applied.
   */
  apply(plan: Plan): Promise<Applied>;
}

export interface FollowContext extends ActionContext {
  applied: Applied;
}

/** A field of the generic modal. `name` is the key in the input. */
export type Field =
  | { control: 'namespace'; name: 'namespace'; label: string }
  | { control: 'workload'; name: 'workload'; label: string; kinds: readonly WorkloadKind[] }
  /** A pod; searching offers the pods of the chosen namespace. */
  | { control: 'pod'; name: 'pod'; label: string; optional?: boolean }
  /** The containers of the chosen pod. */
  | { control: 'container'; name: string; label: string; optional: true }
  | {
      control: 'number';
      name: string;
      label: string;
      min: number;
      max: number;
      optional?: boolean;
      initial?: number;
      hint?: string;
    }
  | { control: 'text'; name: string; label: string; optional?: boolean; hint?: string }
  | { control: 'checkbox'; name: string; label: string; text: string };

/**
 * The command's grammar as data. A line is the action's name, then words, then or between them flags.
 * `workload` reads `nginx`, `deploy/nginx` or `deployment nginx`. Every pattern of words that fits is tried in order;
 * `-n/--namespace` (and `--reason "…"` for changes) are understood everywhere.
 */
export interface Grammar {
  patterns: readonly (readonly Word[])[];
  flags: readonly Flag[];
}
export type Word = 'workload' | 'pod' | 'namespace' | { integer: string };
export interface Flag {
  /** Key in the input. */
  name: string;
  /** `--tail`; its one-letter form, `-c`. */
  long: string;
  short?: string;
  type: 'integer' | 'string' | 'duration' | 'boolean';
  placeholder?: string;
}

export interface Example {
  line: string;
  /** The raw input that the line means, before the schema's defaults. */
  input: Record<string, unknown>;
  says: string;
}

export interface Action<I = unknown> {
  name: string;
  /** ≤ 24 characters (Slack's limit of a shortcut's name and a modal's title), e.g. `Scale a workload`. */
  title: string;
  /** One sentence. */
  description: string;
  /** The verb of the button and of the modal's submit, e.g. `Scale`. */
  verb: string;
  examples: readonly Example[];
  /** Shared by modal, command and queue payload. Messages are sentences for people. */
  input: z.ZodType<I>;
  fields: readonly Field[];
  command: Grammar;
  effect: 'read' | 'change';
  destructive: boolean;
  shortcut: boolean;
  permissions: readonly Access[];
  plan(context: ActionContext, input: I): Promise<Plan>;
  /** Changes: every patch that its plans may have. An agent applies no other, whatever an order says. */
  patch?: z.ZodType;
  /** Changes: applies exactly the plan. */
  execute?(context: ExecuteContext, plan: Plan): Promise<Applied>;
  /** Changes: yields progress when it changes, returns the outcome. Never later than the rollout's own deadline. */
  follow?(context: FollowContext, plan: Plan): AsyncGenerator<Progress, Outcome>;
  /** Reads: the answer. */
  read?(context: ActionContext, plan: Plan): Promise<Reading>;
  /** Changes: what the Event says that is left on the workload: the reason in CamelCase, and the change in few words. */
  event?: { reason: string; words(plan: Pick<Plan, 'diff'>): string };
  /** The input that would take it back, for the same action or another. */
  undo?(plan: Plan): { action: string; input: unknown } | undefined;
  /** `Scale deployment nginx in default`: plain text, imperative. */
  headline(plan: Pick<Plan, 'input' | 'target' | 'diff'>): string;
  /** The same from the bare input, before there is a plan. */
  describe(input: I): string;
}

/** Keeps the input type where the action is defined, and hides it where the registry lists all of them. */
export function defineAction<I>(action: Action<I>): Action {
  return action as unknown as Action;
}
