import type { AuditTask } from './audit-verify.ts';
import { type CommandFlags, readFlags } from './command-flags.ts';
import { checkpointLine } from './requests/checkpoint.ts';
import { write } from './terminal.ts';

export const CHECKPOINT_USAGE = 'audit checkpoint';

const COMMAND: CommandFlags<never> = { command: 'audit checkpoint', usage: CHECKPOINT_USAGE, flags: {} };

/** `opsbot audit checkpoint`: where the log ends just now, on stdout, as the line that hubs write each day. */
export function printCheckpoint(args: readonly string[]): AuditTask {
  readFlags(args, COMMAND);
  return async (log, { stdout }) => {
    await write(stdout, `${checkpointLine(await log.checkpoint())}\n`);
    return 0;
  };
}
