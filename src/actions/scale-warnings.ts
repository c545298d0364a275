import type { Autoscaler, Workload } from '../kubernetes/cluster.ts';
import { plural } from './workload-words.ts';

/** What somebody who approves a scale should know, the gravest first. */
export function scaleWarnings(workload: Workload, replicas: number, autoscaler: Autoscaler | undefined): string[] {
  const before = workload.replicas;
  return [
    replicas === 0
      ? `This stops ${before === 1 ? 'its only pod' : `all ${plural(before, 'pod')}`}: nothing serves until it is scaled up again.`
      : undefined,
    autoscaler === undefined ? undefined : autoscalerWarning(autoscaler, before, replicas),
    before > 0 && replicas > 2 * before
      ? `This is more than double the ${plural(before, 'pod')} of now: make sure that the nodes have room.`
      : undefined,
    workload.owner === undefined || replicas === before
      ? undefined
      : `${workload.owner.kind} ${workload.owner.name} manages it and may set it back.`,
    workload.paused
      ? 'The Deployment is paused: it scales, but no new template rolls out until it is resumed.'
      : undefined,
    isStuck(workload) ? 'Its last rollout has failed: new pods may not start either.' : undefined,
  ].filter((warning) => warning !== undefined);
}

function autoscalerWarning({ name, min, max }: Autoscaler, before: number, replicas: number): string {
  if (replicas === 0) return `The autoscaler ${name} (${min}–${max}) is switched off while there are 0 replicas.`;
  if (before === 0) return `The autoscaler ${name} (${min}–${max}) takes over again as soon as there are pods.`;
  return replicas < min || replicas > max
    ? `The autoscaler ${name} allows ${min}–${max}: it will set ${replicas} back at once.`
    : `The autoscaler ${name} (${min}–${max}) will set the number to what it computes.`;
}

function isStuck(workload: Workload): boolean {
  return workload.conditions.some((one) => one.type === 'Progressing' && one.status === 'False');
}
