import { type LogQuery, parseLogQuery } from '../kubelet/log.ts';
import type { Logs } from '../kubelet/logs.ts';
import { badRequest, invalid } from '../status-error.ts';
import type { Json, KubeObject } from '../types.ts';

const OPTIONS = { kind: 'PodLogOptions', group: '' };

const names = (containers: Json[] | undefined): string[] => (containers ?? []).map(({ name }) => name);

function checkLimits(pod: KubeObject, asked: LogQuery): void {
  const check = (field: 'tailLines' | 'sinceSeconds' | 'limitBytes', least: 0 | 1) => {
    const value = asked[field];
    if (value === undefined || value >= least) return;
    const problem = `Invalid value: ${value}: must be greater than ${least === 0 ? 'or equal to 0' : '0'}`;
    throw invalid(OPTIONS, pod.metadata.name, field, problem);
  };
  check('tailLines', 0);
  check('sinceSeconds', 1);
  check('limitBytes', 1);
}

function chooseContainer(pod: KubeObject, asked: string | undefined): string {
  const { name } = pod.metadata;
  const containers = names(pod.spec.containers);
  const inits = names(pod.spec.initContainers);
  const container = asked ?? (containers.length === 1 ? containers[0] : undefined);
  if (container === undefined) {
    const choice = `choose one of: [${containers.join(' ')}]`;
    const more = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : '';
    throw badRequest(`a container name must be specified for pod ${name}, ${choice}${more}`);
  }
  if (![...containers, ...inits].includes(container)) {
    throw badRequest(`container ${container} is not valid for pod ${name}`);
  }
  return container;
}

/** The bytes of a log call as the API server would answer it, or undefined where the pod is on no node yet. */
export function podLog(pod: KubeObject, query: URLSearchParams, logs: Logs): Buffer | undefined {
  const asked = parseLogQuery(query);
  checkLimits(pod, asked);
  const container = chooseContainer(pod, asked.container);
  if (!pod.spec.nodeName) return undefined;
  const answer = logs.read(pod, container, asked);
  if ('problem' in answer) throw badRequest(answer.problem);
  return answer.text;
}
