import type { Job, JobsOptions } from 'bullmq';
import { z } from 'zod';
import { type Origin, traceparent } from '../src/telemetry/work.ts';

/** Where a job comes from travels with it, in the place that BullMQ has for that. */
const originSchema = z.object({
  cause: z.string().max(100).optional(),
  links: z.array(z.string().max(100)).max(100).optional(),
});

/**
 * The job is part of what is under way; what is put off goes back to it from a trace of its own. Nothing is added where
 * nothing is traced.
 */
export function withOrigin(options: JobsOptions = {}, given?: Origin): JobsOptions {
  if (options.telemetry) return options;
  const { cause, links = [] } = given ?? currentOrigin(options.delay);
  if (cause === undefined && links.length === 0) return options;
  return { ...options, telemetry: { metadata: JSON.stringify({ cause, links }) } };
}

function currentOrigin(delay = 0): Origin {
  const span = traceparent();
  if (span === undefined) return {};
  return delay > 0 ? { links: [span] } : { cause: span };
}

/** Empty where it is not known, or makes no sense. */
export function originOf(job: Pick<Job, 'opts'>): Origin {
  try {
    return originSchema.safeParse(JSON.parse(job.opts.telemetry?.metadata ?? '{}')).data ?? {};
  } catch {
    return {};
  }
}
