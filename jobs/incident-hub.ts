import { ConflictError } from '../src/errors.ts';
import type { Diagnosed } from '../src/incidents/diagnosis.ts';
import type { Incident, IncidentSettings } from '../src/incidents/incident.ts';
import { addEvidence, giveUpDiagnosis } from '../src/incidents/incident-changes.ts';
import { reconcile } from '../src/incidents/reconcile.ts';
import { nextStorm } from '../src/incidents/storm.ts';
import { orderDiagnosis, showChannel } from './incident-jobs.ts';
import type { IncidentStore } from './incident-store.ts';
import type { PublishedFindings } from './published-findings.ts';
import type { Queues } from './queues.ts';

export interface IncidentHubDependencies {
  store: IncidentStore;
  findings: PublishedFindings;
  settings: IncidentSettings;
  queues: Pick<Queues, 'diagnoses' | 'channels'>;
  /** `i-…` for an incident, `s-…` for a storm. */
  newId(kind: 'i' | 's'): string;
  now(): number;
}

/** How long evidence is waited for, in ms. */
const DIAGNOSIS_MS = 120_000;
/** Other hubs and people may get in between so often before it is called a fault; the next look goes on from there. */
const MAX_ATTEMPTS = 100;

/** Makes incidents of what the agents tell. Any number of hubs may look at the same time. */
export interface IncidentHub {
  /** Brings the incidents of a cluster to what its agent has told last; gives them as they are then. */
  look(cluster: string): Promise<Incident[]>;
  diagnosed(report: Diagnosed): Promise<void>;
}

export function createIncidentHub(deps: IncidentHubDependencies): IncidentHub {
  const { store, findings, settings, queues, newId, now } = deps;

  /** One comparison of what is told with what is known; false where another hub was faster somewhere. */
  async function compare(cluster: string, touched: Set<string>): Promise<{ settled: boolean; incidents: Incident[] }> {
    // In this order: neither the silences nor the picture are then older than those that an incident was made from.
    const incidents = await store.live(cluster);
    const silences = await store.silences();
    const picture = await findings.picture(cluster);
    const current = new Map(incidents.map((incident) => [incident.id, incident]));
    if (!picture) return { settled: true, incidents };
    let settled = true;
    const newIncident = () => newId('i');
    for (const change of reconcile({ picture, incidents, silences, settings, now: now(), newId: newIncident })) {
      const { after, replaces } = change;
      if (await store.commit(change)) {
        if (replaces !== undefined) current.delete(replaces);
        current.set(after.id, after);
        touched.add(after.channel);
      } else {
        settled = false;
      }
    }
    return { settled, incidents: [...current.values()] };
  }

  async function untilSettled(cluster: string, touched: Set<string>): Promise<Incident[]> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { settled, incidents } = await compare(cluster, touched);
      if (settled) return incidents;
    }
    throw new ConflictError(`The incidents of ${cluster} change too quickly to be brought up to date.`);
  }

  /** Of all channels, as a crash may have come between an incident and its storm. */
  async function updateStorms(): Promise<Set<string>> {
    const open = (await store.open()).filter(({ silence, cause }) => !silence && cause !== 'rolled-out');
    const byChannel = Map.groupBy(open, ({ channel }) => channel);
    const changed = new Set<string>();
    for (const channel of new Set([...byChannel.keys(), ...(await store.stormyChannels())])) {
      const current = await store.storm(channel);
      const next = nextStorm(current, byChannel.get(channel) ?? [], settings.storm, now(), () => newId('s'));
      // Where another hub was faster, it saw the same incidents.
      if (next && next !== current && (await store.commitStorm(current, next))) changed.add(channel);
    }
    return changed;
  }

  /** Asks for evidence, again if need be: the job's id makes it one. */
  async function pursueDiagnosis(incident: Incident): Promise<void> {
    const { diagnosis } = incident;
    if (diagnosis.state !== 'wanted') return;
    const validUntil = diagnosis.since + DIAGNOSIS_MS;
    if (now() < validUntil) {
      await orderDiagnosis(queues, incident, { since: diagnosis.since, validUntil });
      return;
    }
    const after = giveUpDiagnosis(incident);
    if (after && (await store.commit({ before: incident, after }))) await showChannel(queues, after.channel);
  }

  return {
    async look(cluster) {
      const touched = new Set<string>();
      const incidents = await untilSettled(cluster, touched);
      const stormy = await updateStorms();
      for (const channel of new Set([...touched, ...stormy])) await showChannel(queues, channel);
      for (const incident of incidents) await pursueDiagnosis(incident);
      return incidents;
    },
    async diagnosed({ incident: id, since, diagnosis }) {
      for (;;) {
        const before = await store.get(id);
        const after = before && addEvidence(before, since, diagnosis, now());
        if (!after) return;
        if (await store.commit({ before, after })) return showChannel(queues, after.channel);
      }
    },
  };
}
