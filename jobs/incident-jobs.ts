import type { DiagnosisOrder } from '../src/incidents/diagnosis.ts';
import type { Incident } from '../src/incidents/incident.ts';
import { type Queues, SLACK_RETRIES } from './queues.ts';

/** The jobs about incidents, each added in one place. None of them is the truth: whoever takes one looks at what is stored. */

/** One cluster is looked at by one hub at a time; what comes while it is, is one further look. */
export async function lookAt({ incidents }: Pick<Queues, 'incidents'>, cluster: string): Promise<void> {
  const deduplication = { id: cluster, keepLastIfActive: true };
  await incidents.add('look', { type: 'look', cluster }, { deduplication });
}

/** One channel is brought up to date by one hub at a time. */
export async function showChannel({ channels }: Pick<Queues, 'channels'>, channel: string): Promise<void> {
  const deduplication = { id: channel, keepLastIfActive: true };
  await channels.add('show', { channel }, { deduplication, ...SLACK_RETRIES });
}

export async function orderDiagnosis(
  { diagnoses }: Pick<Queues, 'diagnoses'>,
  { id, cluster, findings }: Incident,
  asked: Pick<DiagnosisOrder, 'since' | 'validUntil'>,
): Promise<void> {
  const order: DiagnosisOrder = { type: 'diagnose', incident: id, findings: [...findings], ...asked };
  await diagnoses(cluster).add('diagnose', order, { jobId: `${id}-${asked.since}-diagnose` });
}
