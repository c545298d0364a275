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
  cluster: Pick<Cluster, 'readLogs'>;
  signal: AbortSignal;
  mask(text: string): string;
}

/** The end of the log of a container's latest run that ended badly; of the present one where there is no other. */
export async function readLastLog(source: LogSource, reader: Reader): Promise<LastLog> {
  const first = !isInPresentRun(source.status);
  try {
    return await readRun(source, first, reader);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return readRun(source, !first, reader);
  }
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
