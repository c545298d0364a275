import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { InputError } from './errors.ts';
import { type Checkpoint, checkpointIn } from './requests/checkpoint.ts';
import { jsonOf } from './requests/json-of.ts';

/** Fields in which log collectors keep the line that a program wrote. */
const WRAPPERS = ['log', 'message', 'msg'] as const;

/** The checkpoints in a file, or in a stream where the path is `-`. Other lines may stand between them. */
export async function readCheckpoints(path: string, stdin: Readable): Promise<Checkpoint[]> {
  const found: Checkpoint[] = [];
  for await (const line of path === '-' ? linesOf(stdin) : linesOfFile(path)) {
    const checkpoint = checkpointIn(line) ?? wrappedIn(line);
    if (checkpoint) found.push(checkpoint);
  }
  if (found.length > 0) return found;
  throw new InputError(`There is no checkpoint in ${path === '-' ? 'what came on stdin' : path}.`, {
    advice: 'opsbot writes them as lines that begin with {"audit":"checkpoint".',
  });
}

async function* linesOfFile(path: string): AsyncGenerator<string> {
  try {
    const file = await open(path);
    yield* linesOf(file.createReadStream());
  } catch (cause) {
    throw new InputError(`${path} cannot be read.`, { advice: cause instanceof Error ? cause.message : '', cause });
  }
}

/** Lines of any length, of a file that may be larger than memory. */
async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function wrappedIn(line: string): Checkpoint | undefined {
  if (!line.includes('checkpoint')) return undefined;
  const fields = fieldsOf(line);
  return WRAPPERS.map((name) => fields[name])
    .filter((text) => typeof text === 'string')
    .map(checkpointIn)
    .find((found) => found !== undefined);
}

function fieldsOf(line: string): Partial<Record<string, unknown>> {
  const parsed = jsonOf(line);
  return typeof parsed === 'object' && parsed !== null ? (parsed as Partial<Record<string, unknown>>) : {};
}
