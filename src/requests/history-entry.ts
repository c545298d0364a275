import { z } from 'zod';
import type { LoggedEntry } from './audit-log.ts';
import { jsonOf } from './json-of.ts';
import { STATES } from './request.ts';

/**
 * What history needs of an entry of the audit log. Whoever can write to Redis may have put anything there, so each entry
 * is looked at as a stranger's input. Who did something is taken by id alone.
 */
const name = z.string().max(300);
const user = z.string().min(1).max(100);
/** What everybody was called then. */
const people = z
  .record(z.string(), z.object({ name: z.string().optional() }))
  .optional()
  .catch(undefined);
/** ms since the epoch, as far as a Date reaches. */
const moment = z.number().int().min(0).max(8.64e15);
const ts = z.string().regex(/^\d{1,20}\.\d{1,10}$/);
const channel = z.string().regex(/^[A-Z0-9]{1,30}$/);
const shownAt = z.object({ channel, thread: ts.optional(), ts });
const owner = z.object({ kind: name, namespace: name, name });

const AboutRequest = z.object({
  at: moment,
  event: name,
  actor: z.union([z.object({ user }), z.string()]).catch('opsbot'),
  request: z.string().regex(/^[A-Za-z0-9_-]{1,60}$/),
  revision: z.number().int(),
  to: z.enum(STATES),
  cluster: name,
  action: name,
  effect: z.enum(['read', 'change']),
  requester: user,
  channel: name,
  target: owner.optional(),
  diff: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })).optional(),
  votes: z.array(z.object({ user })).optional(),
  reason: z.string().optional(),
  outcome: z.object({ result: z.string(), text: z.string() }).optional(),
  error: z.object({ message: z.string() }).optional(),
  input: z.unknown().optional(),
  people,
  /** Messages that show it. */
  surfaces: z.array(shownAt).optional().catch(undefined),
});
export type RequestEntry = z.infer<typeof AboutRequest>;

const AboutIncident = z.object({
  at: moment,
  event: z.enum(['incident-acknowledged', 'workload-silenced', 'silence-ended']),
  actor: z.object({ user }),
  cluster: name,
  owner,
  incident: name.optional(),
  until: moment.optional(),
  people,
});
export type IncidentEntry = z.infer<typeof AboutIncident>;

const AboutLog = z.object({ event: z.literal('audit-trimmed') });

export type ReadEntry =
  | { kind: 'request'; entry: RequestEntry }
  | { kind: 'incident'; entry: IncidentEntry }
  /** The log's own affairs. */
  | { kind: 'none' }
  | { kind: 'unreadable' };

export function readEntry({ entry: text }: LoggedEntry): ReadEntry {
  const json = jsonOf(text);
  const request = AboutRequest.safeParse(json);
  if (request.success) return { kind: 'request', entry: request.data };
  const incident = AboutIncident.safeParse(json);
  if (incident.success) return { kind: 'incident', entry: incident.data };
  return { kind: AboutLog.safeParse(json).success ? 'none' : 'unreadable' };
}
