import { type AuditEntry, GENESIS } from '../../src/requests/audit.ts';
import { canonicalJson, sha256 } from '../../src/requests/digest.ts';
import type { Request } from '../../src/requests/request.ts';
import type { Evidence } from './evidence.ts';

/** The chain holds from its beginning to its head, and tells of each request what the request tells of itself. */
export function aboutTheAudit({ audit, requests }: Evidence): string[] {
  const { faults, head } = walk(audit.entries);
  const entries = audit.entries.map(({ entry }) => JSON.parse(entry) as AuditEntry);
  const about = (id: string) => entries.filter((entry) => 'request' in entry && entry.request === id);
  const known = new Set(requests.map(({ id }) => id));
  return [
    ...faults,
    ...(head === (audit.head ?? GENESIS) ? [] : ['the head of the audit log is not its last entry']),
    ...requests.flatMap((request) => aboutRequest(request, about(request.id))),
    ...entries.flatMap((entry) =>
      'request' in entry && !known.has(entry.request)
        ? [`the audit log tells of ${entry.request}, which is not there`]
        : [],
    ),
  ];
}

function walk(entries: Evidence['audit']['entries']): { faults: string[]; head: string } {
  let head = GENESIS;
  for (const { entry, hash } of entries) {
    if (sha256(`${head}\n${entry}`) !== hash) return { faults: [`the audit chain is broken at ${entry}`], head: hash };
    head = hash;
  }
  return { faults: [], head };
}

function aboutRequest({ id, steps, state, outcome }: Request, entries: readonly AuditEntry[]): string[] {
  const audited = entries.map(({ event, actor }) => wordOf(event, actor)).join(', ');
  const told = steps.map(({ event, actor }) => wordOf(event, actor)).join(', ');
  const last = entries.at(-1);
  const end = last && 'to' in last ? last.to : undefined;
  const ending = entries.findLast((entry) => 'outcome' in entry);
  const written = ending && 'outcome' in ending ? ending.outcome : undefined;
  return [
    ...(audited === told ? [] : [`${id} is audited as\n  ${audited}\ninstead of\n  ${told}`]),
    ...(end === state ? [] : [`${id} is ${state}, and ${end} in the audit log`]),
    ...(canonicalJson(written) === canonicalJson(outcome) ? [] : [`${id} ended otherwise than the audit log has it`]),
  ];
}

function wordOf(event: string, actor: unknown): string {
  return `${event} by ${JSON.stringify(actor)}`;
}
