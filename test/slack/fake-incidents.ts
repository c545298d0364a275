import { NotFoundError } from '../../src/errors.ts';
import { ownerKey } from '../../src/incidents/finding.ts';
import type { Incident, IncidentNote, Silence } from '../../src/incidents/incident.ts';
import type { IncidentDesk } from '../../src/incidents/incidents.ts';
import { requireMember } from '../../src/requests/eligibility.ts';
import type { People } from '../../src/requests/requests.ts';
import type { Untold } from '../views/incident-of.ts';

/** The desk of incidents with its state in memory. `onChange`: after each change of an incident, with the new one. */
export function createFakeIncidents(deps: {
  now: () => number;
  people: Pick<People, 'standing'>;
  onChange(incident: Incident): void;
}) {
  const { now, people, onChange } = deps;
  const known = new Map<string, Incident>();
  const silences = new Map<string, Silence>();
  let watchedUntil: number | undefined = now();
  let refusal: string | undefined;

  function get(id: string): Incident {
    const incident = known.get(id);
    if (incident) return incident;
    throw new NotFoundError('This incident is not kept any longer.', { advice: 'It was over long ago.' });
  }

  /** Changes an incident, with a note of it where one is given. */
  function change(id: string, to: Partial<Incident>, note?: Untold): Incident {
    const before = get(id);
    const seq = (before.notes.at(-1)?.seq ?? 0) + 1;
    const notes = note ? [...before.notes, { ...note, seq, at: now() } as IncidentNote] : before.notes;
    const after: Incident = { ...before, ...to, notes, version: before.version + 1 };
    known.set(id, after);
    onChange(after);
    return after;
  }

  const desk: IncidentDesk = {
    get: async (id) => get(id),
    async acknowledge({ id, user }) {
      await requireMember(people, user);
      if (refusal !== undefined) return { incident: get(id), refused: refusal };
      const incident = change(id, { acknowledged: { user, at: now() } }, { type: 'acknowledged', user });
      return { incident, refused: undefined };
    },
    async silence({ id, user, ms }) {
      await requireMember(people, user);
      if (refusal !== undefined) return { incident: get(id), refused: refusal };
      const { cluster, owner } = get(id);
      const until = now() + ms;
      silences.set(ownerKey(owner), { cluster, owner, by: user, at: now(), until });
      const incident = change(id, { silence: { until, by: user } }, { type: 'silenced', user, until });
      return { incident, refused: undefined };
    },
    async endSilence({ owner, user }) {
      await requireMember(people, user);
      const key = ownerKey(owner);
      if (!silences.delete(key)) return { refused: 'Nobody has silenced this.' };
      for (const { id, owner: other } of [...known.values()]) {
        if (ownerKey(other) === key) change(id, { silence: undefined }, { type: 'unsilenced', user });
      }
      return { refused: undefined };
    },
    silences: async () => [...silences.values()].filter(({ until }) => until > now()),
    open: async () => [...known.values()].filter(({ state }) => state !== 'resolved'),
    watchedUntil: async () => watchedUntil,
  };

  return {
    desk,
    change,
    newest: ({ id }: Pick<Incident, 'id'>) => get(id),
    /** An incident comes up. */
    add(incident: Incident): void {
      known.set(incident.id, incident);
      onChange(incident);
    },
    /** It is another one now, and its message does not show it yet. */
    become(incident: Incident): void {
      known.set(incident.id, incident);
    },
    /** Nobody is in trouble, nothing is silenced. */
    clear(): void {
      known.clear();
      silences.clear();
    },
    /** The desk refuses what is asked of it, in these words. */
    refuse(words: string | undefined): void {
      refusal = words;
    },
    watched(until: number | undefined): void {
      watchedUntil = until;
    },
  };
}
