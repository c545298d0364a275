import { verdictLines } from './audit-verdict.ts';
import { readCheckpoints } from './checkpoint-lines.ts';
import { type CommandFlags, readFlags, wrongUsage } from './command-flags.ts';
import type { AuditLog } from './requests/audit-log.ts';
import type { Checkpoint } from './requests/checkpoint.ts';
import { type GivenCheckpoint, verifyAudit } from './requests/verify-audit.ts';
import { type Terminal, write } from './terminal.ts';

export const VERIFY_USAGE = 'audit verify [--checkpoint 1234:<hash>] … [--checkpoints <file>|-] …';

/** An audit command that has read its flags: gives the exit code. */
export type AuditTask = (log: AuditLog & { checkpoint(): Promise<Checkpoint> }, terminal: Terminal) => Promise<number>;

/** An exit code apart from 1, which anything that goes wrong gives. */
export const TAMPERED = 2;

const COMMAND: CommandFlags<'checkpoint' | 'checkpoints'> = {
  command: 'audit verify',
  usage: VERIFY_USAGE,
  flags: {
    checkpoint: 'the number of entries and the hash of the last, as opsbot posts them: 1234:<64 hexadecimal digits>',
    checkpoints: 'a file with lines that opsbot wrote, or - for stdin',
  },
};

/** `opsbot audit verify`: reads its flags and the checkpoints, then holds the log to them. */
export async function verifyAuditLog(args: readonly string[], stdin: Terminal['stdin']): Promise<AuditTask> {
  const given = readFlags(args, COMMAND);
  const checkpoints = (given.get('checkpoint') ?? []).map(requireCheckpoint);
  for (const path of given.get('checkpoints') ?? []) checkpoints.push(...(await readCheckpoints(path, stdin)));
  return async (log, { stdout }) => {
    const verdict = await verifyAudit(log, checkpoints);
    await write(stdout, `${verdictLines(verdict).join('\n')}\n`);
    return verdict.isSound ? 0 : TAMPERED;
  };
}

function requireCheckpoint(text: string): GivenCheckpoint {
  const [, entries, head] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (entries === undefined || head === undefined) {
    throw wrongUsage(COMMAND, `--checkpoint: “${text}” is none.`, `It is ${COMMAND.flags.checkpoint}.`);
  }
  return { entries: Number(entries), head };
}
