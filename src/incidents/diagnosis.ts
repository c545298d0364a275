import { z } from 'zod';
import type { Finding } from './finding.ts';

/** What the agent finds out about an incident when the hub asks: the evidence that a person would look for first. */
export interface DiagnosisOrder {
  type: 'diagnose';
  incident: string;
  /** When it was asked for, in ms since the epoch: the answer belongs to it. */
  since: number;
  /** Those of the incident, the leading one first. */
  findings: Finding[];
  /** ms since the epoch. */
  validUntil: number;
}

/** Characters of a log that fit into one message of the thread. */
export const LOG_LIMIT = 2_500;

export const diagnosisSchema = z.object({
  /** `Exit code`: `1 (Error)`, `Memory limit`: `256Mi`, `Rollout`: `web:1.4 → web:1.5, 3 min before`. Most telling first. */
  facts: z.array(z.object({ label: z.string().max(40), text: z.string().max(600) })).max(10),
  /** The last lines of the container that is in trouble. */
  log: z
    .object({
      pod: z.string().max(253),
      container: z.string().max(253),
      /** From before its last restart. */
      previous: z.boolean(),
      text: z.string().max(LOG_LIMIT),
    })
    .optional(),
});
export type Diagnosis = z.infer<typeof diagnosisSchema>;

export const diagnosedSchema = z.object({
  type: z.literal('diagnosed'),
  incident: z.string().max(40),
  since: z.number().int().nonnegative(),
  diagnosis: diagnosisSchema,
});
export type Diagnosed = z.infer<typeof diagnosedSchema>;
