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
  /** Undefined where opsbot may not see it. */
  state: ContainerStatus['state'] | undefined;
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

/** The end of the log of a container's latest run that ended; of the present one where there is no other. */
export async function readLastLog(source: LogSource, reader: Reader): Promise<LastLog> {
  // What has ended and was not started again yet is the present run.
  const first = source.state !== 'terminated';
  try {
    return await readRun(source, first, reader);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return readRun(source, !first, reader);
  }
}

async function readRun({ namespace, pod, container }: LogSource, previous: boolean, reader: Reader): Promise<LastLog> {
  const { cluster, signal, mask } = reader;
  const log = { container, previous, tail: LINES_READ, limitBytes: LIMIT_BYTES };
  const text = await cluster.readLogs(namespace, pod, log, { signal });
  return { previous, text: lastLines(text, LIMIT_BYTES, mask) };
}
