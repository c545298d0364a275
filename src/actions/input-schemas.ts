import { z } from 'zod';
import { WORKLOAD_KINDS } from '../kubernetes/cluster.ts';
import { isLabelName, isObjectName } from './names.ts';

/**
 * The pieces that inputs are made of. Every message is a sentence for people, as it may appear at a modal's field.
 * Nothing here transforms: an input that was parsed once parses again to the same value.
 */
/** The start of what was given, so that a message stays a sentence. */
function quote(text: unknown): string {
  const shown = String(text).slice(0, 60);
  return `“${shown}${String(text).length > 60 ? '…' : ''}”`;
}

function nameSchema(what: string, isValid: (text: string) => boolean, letters: string) {
  return z.string({ error: `Say the name of the ${what}.` }).refine(isValid, {
    error: (issue) =>
      `${quote(issue.input)} cannot be the name of a ${what}: use ${letters}, beginning and ending with a letter or digit.`,
  });
}

const LABEL = 'at most 63 lower-case letters, digits and dashes';
const SUBDOMAIN = 'at most 253 lower-case letters, digits, dashes and dots';

export const NamespaceName = nameSchema('namespace', isLabelName, LABEL);
export const PodName = nameSchema('pod', isObjectName, SUBDOMAIN);
export const ContainerName = nameSchema('container', isLabelName, LABEL);

/** A workload as a person names it: what is missing is looked up. */
export const WantedWorkload = z.object(
  {
    kind: z
      .enum(WORKLOAD_KINDS, { error: 'The kind must be Deployment, StatefulSet, DaemonSet or ReplicaSet.' })
      .optional(),
    namespace: NamespaceName.optional(),
    name: nameSchema('workload', isObjectName, SUBDOMAIN),
  },
  { error: 'Say which workload.' },
);
export type WantedWorkload = z.infer<typeof WantedWorkload>;

/** Where a bare name would mean something else (a pod, a namespace). */
export const WorkloadOfKind = WantedWorkload.required({ kind: true });

/**
 * Above this a number is far more often a typing error than a wish, and a mistake that takes a cluster down: nodes hold
 * 110 pods by default. Who really needs more has kubectl.
 */
export const MOST_REPLICAS = 1000;

export const Replicas = z
  .number({
    error: (issue) =>
      issue.input === undefined
        ? 'Say how many replicas, for example 3.'
        : 'Replicas must be a whole number, for example 3.',
  })
  .int({ error: (issue) => `Replicas must be a whole number, not ${issue.input}.` })
  .min(0, { error: (issue) => `Replicas cannot be negative (${issue.input}).` })
  .max(MOST_REPLICAS, {
    error: (issue) =>
      `opsbot scales to at most ${MOST_REPLICAS} replicas, not ${issue.input}; for more than that use kubectl.`,
  });

export const DEFAULT_LINES = 50;
export const MOST_LINES = 5000;
const LINES_RULE = `Lines must be a whole number from 1 to ${MOST_LINES}.`;
export const Lines = z
  .number({ error: LINES_RULE })
  .int({ error: LINES_RULE })
  .min(1, { error: LINES_RULE })
  .max(MOST_LINES, { error: LINES_RULE });

const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `10m`, `1h30m`, `2d` → seconds; undefined for anything else, or for nothing at all. */
export function durationSeconds(text: string): number | undefined {
  if (!/^(?:\d{1,6}[smhd]){1,4}$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)([smhd])/g)) {
    seconds += Number(amount) * (UNIT_SECONDS[unit ?? ''] ?? 0);
  }
  return seconds > 0 ? seconds : undefined;
}

const DURATION_RULE = 'Since must be a time such as 30s, 10m, 1h30m or 2d.';
export const Duration = z
  .string({ error: DURATION_RULE })
  .refine((text) => durationSeconds(text) !== undefined, { error: DURATION_RULE });

const SELECTOR_RULE = 'The label selector must look like app=web or app=web,tier!=cache.';
export const LabelSelector = z
  .string({ error: SELECTOR_RULE })
  .max(500, { error: 'The label selector may have at most 500 characters.' })
  .regex(/^[A-Za-z0-9!][A-Za-z0-9./_,=!() -]*$/, { error: SELECTOR_RULE });
