import type { Logger } from 'pino';
import { NotFoundError } from '../src/errors.ts';
import { type Owner, ownerKey, SEVERITIES } from '../src/incidents/finding.ts';
import type { Incident } from '../src/incidents/incident.ts';
import { acknowledge, endSilence, type IncidentStep, silence } from '../src/incidents/incident-changes.ts';
import type { IncidentDesk } from '../src/incidents/incidents.ts';
import type { IncidentEntry } from '../src/requests/audit.ts';
import { requireMember } from '../src/requests/eligibility.ts';
import { knownWith } from '../src/requests/person.ts';
import type { People } from '../src/requests/requests.ts';
import { showChannel } from './incident-jobs.ts';
import type { IncidentStore } from './incident-store.ts';
import type { PublishedFindings } from './published-findings.ts';
import type { Queues } from './queues.ts';

export interface IncidentDeskDependencies {
  store: IncidentStore;
  findings: Pick<PublishedFindings, 'mark'>;
  people: Pick<People, 'standing' | 'whoIs'>;
  queues: Pick<Queues, 'channels'>;
  logger: Logger;
  now(): number;
}

const gravity = ({ severity }: Incident) => SEVERITIES.indexOf(severity);

export function createIncidentDesk(deps: IncidentDeskDependencies): IncidentDesk {
  const { store, findings, people, queues, logger, now } = deps;

  async function get(id: string): Promise<Incident> {
    const incident = await store.get(id);
    if (!incident) throw new NotFoundError(`opsbot does not know the incident ${id} any more.`);
    return incident;
  }

  /** Who that is, where they may decide; NotAllowedError where not. */
  async function admit(user: string): Promise<Pick<IncidentEntry, 'actor' | 'people'>> {
    await requireMember(people, user);
    return { actor: { user }, people: knownWith(undefined, { user, ...(await people.whoIs(user)) }) };
  }

  /** The change is stored by then; where the job is lost, the sweep makes up for it. */
  async function shown(channel: string): Promise<void> {
    await showChannel(queues, channel).catch((err: unknown) => logger.warn({ err, channel }, 'channel not told yet'));
  }

  /** Takes the step on the incident as it is by then, however often others change it meanwhile. */
  async function take(id: string, step: (incident: Incident) => IncidentStep, entry?: IncidentEntry) {
    for (;;) {
      const before = await get(id);
      const taken = step(before);
      if (taken.refused !== undefined) return { incident: before, refused: taken.refused };
      const after = taken.incident;
      if (!(await store.commit({ before, after, ...(entry && { entry }) }))) continue;
      await shown(after.channel);
      return { incident: after, refused: undefined };
    }
  }

  async function unresolvedOf(cluster: string, owner: Owner): Promise<Incident[]> {
    const key = ownerKey(owner);
    const live = await store.live(cluster);
    return live.filter((incident) => incident.state !== 'resolved' && ownerKey(incident.owner) === key);
  }

  return {
    get,
    async acknowledge({ id, user }) {
      const who = await admit(user);
      const { cluster, owner, channel } = await get(id);
      const at = now();
      const entry = { at, event: 'incident-acknowledged', ...who, cluster, owner, channel, incident: id } as const;
      return take(id, (incident) => acknowledge(incident, user, at), entry);
    },
    async silence({ id, user, ms }) {
      const who = await admit(user);
      const at = now();
      const until = at + ms;
      const step = (incident: Incident) => silence(incident, { user, until }, at);
      const asked = await get(id);
      const { refused } = step(asked);
      if (refused !== undefined) return { incident: asked, refused };
      const { cluster, owner, channel } = asked;
      const entry = { at, event: 'workload-silenced', ...who, cluster, owner, channel, incident: id, until } as const;
      await store.silence({ cluster, owner, by: user, at, until }, entry);
      // What a crash leaves out here, the next look does: the silence is stored.
      for (const incident of await unresolvedOf(cluster, owner)) await take(incident.id, step);
      return { incident: await get(id), refused: undefined };
    },
    async endSilence({ cluster, owner, user }) {
      const who = await admit(user);
      const at = now();
      const entry = { at, event: 'silence-ended', ...who, cluster, owner } as const;
      if (!(await store.endSilence({ cluster, owner }, entry))) {
        return { refused: 'Nobody silences this any more.' };
      }
      for (const { id } of await unresolvedOf(cluster, owner)) {
        await take(id, (incident) => endSilence(incident, user, at));
      }
      return { refused: undefined };
    },
    async silences() {
      const lasting = (await store.silences()).filter(({ until }) => until > now());
      return lasting.sort((a, b) => a.until - b.until);
    },
    async open() {
      return (await store.open()).sort((a, b) => gravity(a) - gravity(b) || a.since - b.since);
    },
    watchedUntil: async (cluster) => (await findings.mark(cluster)).asOf,
  };
}
