import { Gauge, type Registry } from 'prom-client';
import { SEVERITIES, type Severity } from '../incidents/finding.ts';
import type { Source } from './metrics-sources.ts';

export interface IncidentFigures {
  /** Severity of each incident that is not over. */
  open: readonly Severity[];
  /** Incidents and summaries whose message in Slack is behind. */
  unshown: number;
  /** By cluster: when, in ms since the epoch, an agent last vouched for what it found. */
  vouchedAt: Readonly<Record<string, number>>;
}

export function incidentSource(registry: Registry, figures: () => Promise<IncidentFigures>): Source {
  const registers = [registry];
  const open = new Gauge({
    name: 'opsbot_incidents',
    help: 'Incidents that are not over, of the whole installation: every hub says the same.',
    labelNames: ['severity'],
    registers,
  });
  const unshown = new Gauge({
    name: 'opsbot_incidents_unshown',
    help: 'Incidents and summaries of many whose message in Slack is not up to date yet.',
    registers,
  });
  const age = new Gauge({
    name: 'opsbot_findings_age_seconds',
    help: 'How old the latest picture of trouble is that an agent of the cluster has told the hub. About a minute is usual where nothing happens.',
    labelNames: ['cluster'],
    registers,
  });
  return {
    name: 'incidents',
    gauges: [open, unshown, age],
    async read() {
      const { open: severities, unshown: behind, vouchedAt } = await figures();
      return () => {
        for (const severity of SEVERITIES) {
          open.set({ severity }, severities.filter((one) => one === severity).length);
        }
        unshown.set(behind);
        const now = Date.now();
        for (const [cluster, at] of Object.entries(vouchedAt)) age.set({ cluster }, Math.max(0, now - at) / 1000);
      };
    },
  };
}
