import type { Logger } from 'pino';
import { ownerKey, type Picture } from '../src/incidents/finding.ts';
import type { Incident, IncidentSettings } from '../src/incidents/incident.ts';
import { every } from './every.ts';
import type { IncidentHub } from './incident-hub.ts';
import { showChannel } from './incident-jobs.ts';
import type { IncidentStore } from './incident-store.ts';
import type { createIncidentSurfaces } from './incident-surfaces.ts';
import type { PublishedFindings } from './published-findings.ts';
import type { Queues } from './queues.ts';
import type { Unshown } from './unshown.ts';

export interface IncidentSweepDependencies {
  store: IncidentStore;
  findings: Pick<PublishedFindings, 'mark' | 'picture'>;
  hub: Pick<IncidentHub, 'look'>;
  unshown: Pick<Unshown, 'channels'>;
  surfaces: Pick<ReturnType<typeof createIncidentSurfaces>, 'keep'>;
  queues: Pick<Queues, 'channels'>;
  settings: Pick<IncidentSettings, 'cooldownMs'>;
  logger: Logger;
  now(): number;
}

/** In ms. */
const SWEEP_EVERY_MS = 1_000;
const TIDY_EVERY_MS = 10 * 60_000;
/** A cluster where nothing seems to happen is looked at all the same so often, in ms. */
const LOOK_EVERY_MS = 10_000;

/** Agents tell what is over for an hour; in ms. */
const MARGIN_MS = 3_600_000;

interface Seen {
  findings: string;
  asOf: number | undefined;
  /** Something is waited for that time alone brings. */
  waiting: boolean;
  at: number;
}

const isWaiting = ({ state, calmSince, silence, diagnosis }: Incident) =>
  diagnosis.state === 'wanted' || (state !== 'resolved' && (calmSince !== undefined || silence !== undefined));

/** Looks where something has changed and nobody came to tell: after a crash, a lost job, by time alone. */
export function createIncidentSweep(deps: IncidentSweepDependencies) {
  const { store, findings, hub, unshown, surfaces, queues, settings, logger, now } = deps;
  const seen = new Map<string, Seen>();
  const looking = new Set<string>();

  /** `mark` is from before the look: what changes meanwhile is looked at again. */
  async function lookAfter(mark: Pick<Seen, 'findings' | 'asOf'>, cluster: string): Promise<void> {
    looking.add(cluster);
    try {
      const incidents = await hub.look(cluster);
      seen.set(cluster, { ...mark, waiting: incidents.some(isWaiting), at: now() });
    } finally {
      looking.delete(cluster);
    }
  }

  async function lookIfDue(cluster: string): Promise<void> {
    if (looking.has(cluster)) return;
    const mark = await findings.mark(cluster);
    const last = seen.get(cluster);
    const isDue =
      !last ||
      last.findings !== mark.findings ||
      (last.waiting && last.asOf !== mark.asOf) ||
      now() - last.at >= LOOK_EVERY_MS;
    if (isDue) await lookAfter(mark, cluster);
  }

  async function sweep(): Promise<void> {
    for (const channel of await unshown.channels()) await showChannel(queues, channel);
    for (const cluster of await store.clusters()) {
      await lookIfDue(cluster).catch((err: unknown) => logger.warn({ err, cluster }, 'findings not looked at'));
    }
  }

  /** A relapse would be another incident, and what it was made of is not told any more: it cannot be known again. */
  function isPast({ owner, resolvedAt }: Incident, { asOf, findings: told }: Picture): boolean {
    if (resolvedAt === undefined || asOf - resolvedAt <= settings.cooldownMs + MARGIN_MS) return false;
    return !told.some((finding) => ownerKey(finding.owner) === ownerKey(owner));
  }

  async function tidyCluster(cluster: string): Promise<void> {
    const live = await store.live(cluster);
    const picture = await findings.picture(cluster);
    const past = picture ? live.filter((incident) => isPast(incident, picture)) : [];
    for (const incident of past) await store.retire(incident);
    await surfaces.keep(live.filter(({ state }) => state !== 'resolved').map(({ id }) => id));
  }

  async function tidy(): Promise<void> {
    const ended = (await store.silences()).filter(({ until }) => until <= now());
    for (const silence of ended) await store.forgetSilence(silence);
    for (const cluster of await store.clusters()) await tidyCluster(cluster);
  }

  return {
    sweep,
    tidy,
    /** At once, as an agent has told that something changed. */
    async look(cluster: string): Promise<void> {
      await lookAfter(await findings.mark(cluster), cluster);
    },
    start() {
      const tasks = [
        every(SWEEP_EVERY_MS, 'sweeping incidents', sweep, logger),
        every(TIDY_EVERY_MS, 'tidying incidents', tidy, logger),
      ];
      for (const { run } of tasks) run();
      return { stop: () => Promise.all(tasks.map((task) => task.stop())) };
    },
  };
}
