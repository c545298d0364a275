import { readAuditEnd } from '../jobs/audit-end.ts';
import { createAuditStream } from '../jobs/audit-stream.ts';
import { openConnection } from '../jobs/connection.ts';
import { CHECKPOINT_USAGE, printCheckpoint } from './audit-checkpoint.ts';
import { EXPORT_USAGE, exportAudit } from './audit-export.ts';
import { type AuditTask, VERIFY_USAGE, verifyAuditLog } from './audit-verify.ts';
import { wrongUsage } from './command-flags.ts';
import { loadRedisConfig } from './config.ts';
import { createKeys } from './requests/keys.ts';
import { sparing } from './sparing-log.ts';
import type { Terminal } from './terminal.ts';

const COMMANDS: Readonly<Record<string, (args: readonly string[], stdin: Terminal['stdin']) => Promise<AuditTask>>> = {
  verify: verifyAuditLog,
  export: async (args) => exportAudit(args),
  checkpoint: async (args) => printCheckpoint(args),
};

/** `opsbot audit …`. Gives the exit code. InputError where it is called wrongly; UnavailableError where Redis is away. */
export async function auditCommand(args: readonly string[], terminal: Terminal): Promise<number> {
  const [verb = '', ...rest] = args;
  const prepare = Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
  if (!prepare)
    throw wrongUsage(
      { usage: `${VERIFY_USAGE}, ${EXPORT_USAGE}, or ${CHECKPOINT_USAGE}` },
      `There is no command "${['audit', ...args].join(' ')}".`,
    );
  const task = await prepare(rest, terminal.stdin);
  const keys = createKeys();
  const redis = await openConnection(loadRedisConfig(terminal.env));
  try {
    return await task(
      { ...sparing(createAuditStream(redis, keys)), checkpoint: () => readAuditEnd(redis, keys) },
      terminal,
    );
  } finally {
    redis.disconnect();
  }
}
