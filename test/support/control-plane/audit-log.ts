import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { SpecWrite } from '../cluster/kit.ts';
import { resourceOfKind } from '../cluster/resources.ts';
import type { Json, Ref } from '../cluster/types.ts';

interface AuditEntry {
  auditID: string;
  stage: 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic';
  verb: 'create' | 'update' | 'patch' | 'delete';
  user: { username: string };
  objectRef: { resource: string; namespace?: string; name?: string; subresource?: string };
  requestObject?: Json;
  responseObject?: Json;
  responseStatus?: { code: number };
}

const POLL_MS = 10;

async function readEntries(path: string): Promise<AuditEntry[]> {
  const text = await readFile(path, 'utf8');
  // The last line may be half written.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line));
}

const isOver = ({ stage }: AuditEntry) => stage === 'ResponseComplete' || stage === 'Panic';

/** The finished writes of everything that had reached the server when this was called. */
async function settledEntries(path: string): Promise<AuditEntry[]> {
  const begun = new Set((await readEntries(path)).map(({ auditID }) => auditID));
  for (;;) {
    const over = (await readEntries(path)).filter(isOver);
    const ids = new Set(over.map(({ auditID }) => auditID));
    if ([...begun].every((id) => ids.has(id))) return over;
    await delay(POLL_MS);
  }
}

const isAbout =
  ({ kind, namespace, name }: Ref) =>
  ({ objectRef }: AuditEntry) =>
    objectRef.resource === resourceOfKind(kind).plural && objectRef.namespace === namespace && objectRef.name === name;

const toWrite = ({ user, verb, objectRef, requestObject, responseStatus }: AuditEntry): SpecWrite => ({
  user: user.username,
  verb,
  subresource: objectRef.subresource,
  body: requestObject,
  status: responseStatus?.code ?? 0,
});

const versionOf = ({ responseObject }: AuditEntry): string => responseObject?.metadata?.resourceVersion;
const generationOf = ({ responseObject }: AuditEntry): number => responseObject?.metadata?.generation;

/** The first of those that answered with the same value: what came after changed nothing. */
function firstOfEach<T>(entries: AuditEntry[], keyOf: (entry: AuditEntry) => T): AuditEntry[] {
  const seen = new Set<T>();
  return entries.filter((entry) => !seen.has(keyOf(entry)) && seen.add(keyOf(entry)));
}

/** What people (not controllers) wrote to this workload, refused writes too. */
export async function writesOf(path: string, ref: Ref, isController: (user: string) => boolean): Promise<SpecWrite[]> {
  const entries = (await settledEntries(path)).filter(isAbout(ref));
  return entries.filter(({ user }) => !isController(user.username)).map(toWrite);
}

/**
 * The updates and patches that changed what the workload should be. Each such change has a generation of its own;
 * an answer of the scale subresource has none, but its resourceVersion is then one that no other write has made.
 */
export async function changesOf(path: string, ref: Ref): Promise<SpecWrite[]> {
  const entries = (await settledEntries(path)).filter(isAbout(ref));
  const done = entries.filter(({ verb, responseStatus }) => verb !== 'delete' && (responseStatus?.code ?? 500) < 300);
  const main = done.filter(({ objectRef }) => objectRef.subresource === undefined);
  const scaled = done.filter(({ objectRef }) => objectRef.subresource === 'scale');
  const others = new Set(done.filter((entry) => !scaled.includes(entry)).map(versionOf));
  // A creation answers with the first generation: it stands first, and is none of the changes.
  const created = main.filter(({ verb }) => verb === 'create');
  const changes = firstOfEach([...created, ...main.filter((entry) => !created.includes(entry))], generationOf);
  const scales = firstOfEach(scaled, versionOf).filter((entry) => !others.has(versionOf(entry)));
  return [...changes.filter(({ verb }) => verb !== 'create'), ...scales].map(toWrite);
}
