import { z } from 'zod';
import { entriesOf, soundness } from './audit-verdict.ts';
import { type AuditTask, TAMPERED } from './audit-verify.ts';
import { type CommandFlags, onlyValue, readFlags, wrongUsage } from './command-flags.ts';
import { duration } from './config-values.ts';
import { csvLine } from './csv.ts';
import type { Link } from './requests/audit-chain.ts';
import { AUDIT_COLUMNS, auditLine, auditRow } from './requests/audit-rows.ts';
import { followLog } from './requests/follow-log.ts';
import { write } from './terminal.ts';

export const EXPORT_USAGE = 'audit export [--since 2026-01-01|2026-01-01T10:00Z|30d] [--until …] [--format jsonl|csv]';

const MOMENT = 'a day, a time with its zone, or how long ago, like 2026-01-01, 2026-01-01T10:00Z or 30d';

const COMMAND: CommandFlags<'since' | 'until' | 'format'> = {
  command: 'audit export',
  usage: EXPORT_USAGE,
  flags: { since: MOMENT, until: MOMENT, format: 'jsonl or csv' },
};

const FORMATS: Readonly<Record<string, { heading: string; line: (link: Link) => string }>> = {
  jsonl: { heading: '', line: auditLine },
  csv: { heading: csvLine(AUDIT_COLUMNS), line: (link) => csvLine(auditRow(link)) },
};

/**
 * `opsbot audit export`: the entries of a span of time, oldest first, on stdout; on stderr what the whole chain is worth.
 * An entry counts from its own time, which its hash covers.
 */
export function exportAudit(args: readonly string[], now = Date.now()): AuditTask {
  const { since, until, format } = requireFlags(args, now);
  const isWanted = ({ content }: Link) => content === undefined || (content.at >= since && content.at < until);
  return async (log, { stdout, stderr }) => {
    let exported = 0;
    await write(stdout, format.heading);
    const followed = await followLog(log, async (links) => {
      const wanted = links.filter(isWanted);
      exported += wanted.length;
      if (wanted.length > 0) await write(stdout, wanted.map(format.line).join(''));
    });
    const end = followed.flaw
      ? 'What was exported cannot be relied on.'
      : 'Its end can be vouched for by a checkpoint only: audit verify --checkpoint.';
    const all = `${entriesOf(exported)} exported, of ${entriesOf(followed.length)} in the log.`;
    await write(stderr, `${[all, soundness(followed), end].join(' ')}\n`);
    return followed.flaw ? TAMPERED : 0;
  };
}

function requireFlags(args: readonly string[], now: number) {
  const given = readFlags(args, COMMAND);
  const [since = 0, until = Number.POSITIVE_INFINITY] = (['since', 'until'] as const).map((flag) => {
    const value = onlyValue(COMMAND, given, flag);
    return value === undefined ? undefined : requireMoment(flag, value, now);
  });
  const name = onlyValue(COMMAND, given, 'format') ?? 'jsonl';
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (!format) throw wrongUsage(COMMAND, `--format: “${name}” is none.`, `It is ${COMMAND.flags.format}.`);
  if (since >= until) throw wrongUsage(COMMAND, '--since has to be before --until.');
  return { since, until, format };
}

const day = z.iso.date();
const time = z.union([z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 })]);
const span = duration('1m', '36500d');

/** ms since the epoch. A day begins at midnight in UTC. */
function requireMoment(flag: 'since' | 'until', text: string, now: number): number {
  if (day.safeParse(text).success || time.safeParse(text).success) return Date.parse(text);
  const ago = span.safeParse(text);
  if (ago.success) return now - ago.data;
  throw wrongUsage(COMMAND, `--${flag}: “${text}” is no time.`, `It is ${MOMENT}.`);
}
