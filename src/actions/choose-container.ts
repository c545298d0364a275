import { InputError, NotFoundError } from '../errors.ts';
import type { ContainerStatus, Pod } from '../kubernetes/cluster.ts';
import { anyOf, plural } from './workload-words.ts';

const MOST_OFFERED = 5;

/**
 * The container whose log a person wants: the named one; a failed init container, because nothing else has begun then;
 * the only one; the only one that is in trouble. InputError with the exact commands where that leaves a choice.
 */
export function chooseContainer(
  pod: Pod,
  wanted: string | undefined,
  command: (container: string) => string,
): ContainerStatus {
  if (wanted !== undefined) return named(pod, wanted, command);
  const regular = pod.containers.filter((one) => !one.init);
  const chosen =
    pod.containers.find((one) => one.init && hasCrashed(one)) ??
    alone(regular) ??
    alone(regular.filter((one) => !one.ready)) ??
    alone(regular.filter(hasCrashed));
  if (chosen !== undefined) return chosen;
  throw new InputError(`Pod ${pod.name} has ${plural(regular.length, 'container')}: say which one.`, {
    advice: `Try ${offer(regular, command)}.`,
    field: 'container',
  });
}

function named(pod: Pod, wanted: string, command: (container: string) => string): ContainerStatus {
  const found = pod.containers.find((one) => one.name === wanted);
  if (found !== undefined) return found;
  throw new NotFoundError(`Pod ${pod.name} has no container ${wanted}.`, {
    advice: `Try ${offer(pod.containers, command)}.`,
    field: 'container',
  });
}

function offer(containers: readonly ContainerStatus[], command: (container: string) => string): string {
  return anyOf(containers.slice(0, MOST_OFFERED).map((one) => `\`${command(one.name)}\``));
}

function alone(containers: readonly ContainerStatus[]): ContainerStatus | undefined {
  return containers.length === 1 ? containers[0] : undefined;
}

function hasCrashed(container: ContainerStatus): boolean {
  if (container.state === 'terminated') return container.exitCode !== undefined && container.exitCode !== 0;
  return container.state === 'waiting' && container.reason === 'CrashLoopBackOff';
}
