import type { Json, KubeObject } from '../types.ts';

/** The query of a log call, as both the API server and the kubelet understand it. */
export interface LogQuery {
  container?: string | undefined;
  tailLines?: number | undefined;
  sinceSeconds?: number | undefined;
  limitBytes?: number | undefined;
  previous: boolean;
}

export interface LogLine {
  /** ms since the epoch. */
  time: number;
  /** Bytes where they are no text. */
  text: string | Buffer;
}

const numberOf = (query: URLSearchParams, name: string) => {
  const text = query.get(name);
  return text === null ? undefined : Number(text);
};

export const parseLogQuery = (query: URLSearchParams): LogQuery => ({
  container: query.get('container') ?? undefined,
  tailLines: numberOf(query, 'tailLines'),
  sinceSeconds: numberOf(query, 'sinceSeconds'),
  limitBytes: numberOf(query, 'limitBytes'),
  previous: ['true', '1'].includes(query.get('previous') ?? ''),
});

/** Which run of the container is asked for, or the kubelet's reason why there is nothing to read. */
export function logSource(pod: KubeObject, container: string, previous: boolean): { run: Json } | { problem: string } {
  const statuses: Json[] = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  const status = statuses.find(({ name }) => name === container);
  const named = `container "${container}" in pod "${pod.metadata.name}"`;
  if (status === undefined) return { problem: `${named} is not available` };
  const { running, terminated, waiting } = status.state;
  const last = status.lastState?.terminated;
  if (previous) return last?.containerID ? { run: last } : { problem: `previous terminated ${named} not found` };
  const run = running ?? terminated ?? last;
  if (run) return { run };
  const problems: Record<string, string> = {
    ErrImagePull: "image can't be pulled",
    ImagePullBackOff: 'trying and failing to pull image',
  };
  return { problem: `${named} is waiting to start: ${problems[waiting?.reason] ?? waiting?.reason}` };
}

const NEWLINE = Buffer.from('\n');

/** Cuts the lines to what was asked for: `limitBytes` in the middle of a character, if need be. */
export function selectLines(lines: LogLine[], query: LogQuery, now: number): Buffer {
  const { sinceSeconds, tailLines, limitBytes } = query;
  const oldest = sinceSeconds === undefined ? Number.NEGATIVE_INFINITY : now - sinceSeconds * 1000;
  const recent = lines.filter(({ time }) => time >= oldest);
  const tail = tailLines === undefined ? recent : recent.slice(Math.max(0, recent.length - tailLines));
  const bytes = Buffer.concat(tail.flatMap(({ text }) => [Buffer.from(text as string), NEWLINE]));
  return limitBytes === undefined ? bytes : bytes.subarray(0, limitBytes);
}
