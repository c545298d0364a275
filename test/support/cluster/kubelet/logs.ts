import type { Json, KubeObject } from '../types.ts';
import { lastWords, livelyLog } from './lively-log.ts';
import { type LogLine, type LogQuery, logSource, selectLines } from './log.ts';

export interface LogTarget {
  namespace: string;
  pod: string;
  container: string;
  /** The run before the latest restart. */
  previous?: boolean;
}

export type LogAnswer = { text: Buffer } | { problem: string };

const CAUSES: Record<string, string> = {
  OOMKilled: 'allocation of 67108864 bytes refused',
  Error: 'cannot reach the database at db.prod.svc:5432: connection refused',
};

const key = ({ namespace, pod, container, previous = false }: LogTarget) =>
  `${namespace}/${pod}/${container}/${previous}`;

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.indexOf('\n', start);
    const next = end === -1 ? bytes.length : end;
    lines.push(bytes.subarray(start, next));
    start = next + 1;
  }
  return lines;
}

export type Logs = ReturnType<typeof createLogs>;

/** What containers have written: what a test has set, else something believable. */
export function createLogs(now: () => number) {
  const texts = new Map<string, LogLine[]>();

  const generated = (pod: KubeObject, container: string, run: Json): LogLine[] => {
    const start = Date.parse(run.startedAt ?? pod.metadata.creationTimestamp);
    if (run.finishedAt === undefined) return livelyLog(pod, container, start, now());
    const cause = CAUSES[run.reason] ?? `ended with exit code ${run.exitCode}`;
    return lastWords(pod, container, start, Date.parse(run.finishedAt), cause);
  };

  return {
    /** Every line counts as written now. */
    set(target: LogTarget, text: string | Buffer): void {
      const time = now();
      texts.set(
        key(target),
        splitLines(Buffer.from(text as string)).map((line) => ({ time, text: line })),
      );
    },

    read(pod: KubeObject, container: string, query: LogQuery): LogAnswer {
      const source = logSource(pod, container, query.previous);
      if ('problem' in source) return source;
      const { name, namespace = '' } = pod.metadata;
      const target = { namespace, pod: name, container, previous: query.previous };
      const lines = texts.get(key(target)) ?? generated(pod, container, source.run);
      return { text: selectLines(lines, query, now()) };
    },
  };
}
