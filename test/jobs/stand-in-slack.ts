import type { Incident, Storm } from '../../src/incidents/incident.ts';
import type { IncidentNotifier, IncidentSurface, IncidentSurfaces } from '../../src/incidents/incidents.ts';

/** Slack as far as the outbox sees it: a root, edited with each version, then a message for each note. */
export function createStandInSlack(surfaces: IncidentSurfaces, now: () => number) {
  const calls: { what: string; at: number }[] = [];

  async function surfaceOf(id: string, channel: string): Promise<IncidentSurface> {
    const none = { channel, ts: undefined, shown: undefined, told: 0, posting: undefined, gone: undefined };
    return (await surfaces.get(id)) ?? none;
  }

  async function bring(name: string, shown: Incident | Storm): Promise<'more' | 'done'> {
    const { id, channel, version } = shown;
    const notes = 'notes' in shown ? shown.notes.length : 0;
    const surface = await surfaceOf(id, channel);
    const made = (what: string) => calls.push({ what: `${what} ${name}`, at: now() });
    if (surface.shown !== String(version)) {
      made(surface.ts === undefined ? 'post' : 'edit');
      await surfaces.put(id, { ...surface, ts: '1.1', shown: String(version) });
      return surface.told < notes ? 'more' : 'done';
    }
    if (surface.told === notes) return 'done';
    made('note');
    await surfaces.put(id, { ...surface, told: surface.told + 1 });
    return surface.told + 1 < notes ? 'more' : 'done';
  }

  const notifier: IncidentNotifier = {
    show: (incident) => bring(incident.owner.name, incident),
    showStorm: (storm) => bring('storm', storm),
  };
  return { calls, notifier };
}
