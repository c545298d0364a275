import { InputError } from '../errors.ts';
import type { Cluster, ContainerStatus } from '../kubernetes/cluster.ts';
import { lastLines } from './last-lines.ts';

/** More than is shown: masking knows a private key only by its first or its last line. */
const LINES_READ = 150;
const LIMIT_BYTES = 65_536;

interface LogSource {
  namespace: string;
  pod: string;
  container: string;
  /** The container's; undefined where opsbot may not see it. */
  status: ContainerStatus | undefined;
}

interface LastLog {
  /** From before the last restart. */
  previous: boolean;
  text: string;
}

interface Reader {
  cluster: Pick<Cluster, 'readLogs' | 'getPod'>;
  signal: AbortSignal;
  mask(text: string): string;
}

/** The end of the log of a container's latest run that ended badly; of the present one where there is no other. */
export async function readLastLog(source: LogSource, reader: Reader): Promise<LastLog> {
  const log = await readEitherRun(source, reader);
  if (log.previous || !(await hasRestarted(source, reader))) return log;
  // What was the present run by its status is the one before by now.
  return readRun(source, true, reader).catch(() => log);
}

async function readEitherRun(source: LogSource, reader: Reader): Promise<LastLog> {
  const first = !isInPresentRun(source.status);
  try {
    return await readRun(source, first, reader);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return readRun(source, !first, reader);
  }
}

/** Whether the container was started again since its status was read; false where that cannot be told. */
async function hasRestarted({ namespace, pod, container, status }: LogSource, { cluster, signal }: Reader) {
  if (status === undefined) return false;
  const now = await cluster.getPod(namespace, pod, { signal }).catch(() => undefined);
  const { restarts = status.restarts } = now?.containers.find(({ name }) => name === container) ?? {};
  return restarts > status.restarts;
}

/** What has ended and was not started again yet is the present run; unless it did its part after one that did not. */
function isInPresentRun(status: ContainerStatus | undefined): boolean {
  if (status?.state !== 'terminated') return false;
  const { exitCode, lastEnd } = status;
  return exitCode !== 0 || lastEnd === undefined || lastEnd.exitCode === 0;
}

async function readRun({ namespace, pod, container }: LogSource, previous: boolean, reader: Reader): Promise<LastLog> {
  const { cluster, signal, mask } = reader;
  const log = { container, previous, tail: LINES_READ, limitBytes: LIMIT_BYTES };
  const text = await cluster.readLogs(namespace, pod, log, { signal });
  return { previous, text: lastLines(text, LIMIT_BYTES, mask) };
}
