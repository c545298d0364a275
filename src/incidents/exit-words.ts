/** Exit codes that shells and the kernel give a meaning to; 128 + n: ended by signal n. */
const MEANING: Readonly<Record<number, string>> = {
  126: 'command cannot be executed',
  127: 'command not found',
  130: 'SIGINT',
  134: 'SIGABRT',
  135: 'SIGBUS',
  137: 'SIGKILL',
  139: 'segmentation fault',
  143: 'SIGTERM',
};

/** `1 (Error)`, `137 (OOMKilled)`, `139 (segmentation fault)`: how a container ended. */
export function exitWords({ exitCode, reason }: { exitCode: number; reason: string | undefined }): string {
  const meaning = MEANING[exitCode];
  const telling = reason === 'Error' && meaning !== undefined ? undefined : reason;
  const words = [telling, telling === 'OOMKilled' ? undefined : meaning].filter((word) => word !== undefined);
  return words.length === 0 ? String(exitCode) : `${exitCode} (${words.join(': ')})`;
}
