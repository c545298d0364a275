import type { Readable, Writable } from 'node:stream';

/** What an operator's command has of the process. */
export interface Terminal {
  env: NodeJS.ProcessEnv;
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
}

/** Resolves once the reader has taken it, so that no more is made than is read; rejects where the reader is gone. */
export function write(stream: Writable, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()));
  });
}
