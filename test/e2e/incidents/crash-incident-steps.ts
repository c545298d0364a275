import { COMMIT_INCIDENT_SCRIPT, type CommitArguments } from '../../../jobs/commit-incident.lua.ts';
import { CLAIM_SCRIPT, PUBLISH_SCRIPT, type PublishArguments } from '../../../jobs/publish-findings.lua.ts';
import type { Incident } from '../../../src/incidents/incident.ts';
import { type CreateStepNames, createRedisStepNames } from '../crash-redis-steps.ts';

/** The part of a key after the hash tag. */
const placeOf = (key = '') => key.split(':')[1];

function committed({ json }: CommitArguments): string {
  const { state, episode, notes } = JSON.parse(json) as Partial<Incident>;
  return state === undefined ? 'storm' : `incident ${state}, episode ${episode}, ${notes?.at(-1)?.type ?? 'no notes'}`;
}

function told({ complete, changed, gone }: PublishArguments): string | undefined {
  if (complete) return 'findings told, all';
  return changed.length + gone.length > 0 ? `findings told, ${changed.length} changed, ${gone.length} gone` : undefined;
}

function scriptStep([, script, count, ...rest]: string[]): string | undefined {
  const [key, second] = rest;
  const values = rest.slice(Number(count));
  if (script === CLAIM_SCRIPT) return 'term claimed';
  if (script === PUBLISH_SCRIPT) return told(JSON.parse(values[1] ?? '{}') as PublishArguments);
  if (script === COMMIT_INCIDENT_SCRIPT) return committed(JSON.parse(values[0] ?? '{}') as CommitArguments);
  return placeOf(key) === 'incident' && placeOf(second) === 'unshown' ? 'incident settled' : undefined;
}

function surfaceStep(json = '{}'): string {
  const { ts, told: count, posting } = JSON.parse(json) as { ts?: string; told: number; posting?: string };
  const under = posting?.replace(/^root-\d+$/, 'root') ?? 'nothing';
  return `incident surface: ${ts === undefined ? 'no root' : 'root'}, ${count} told, posting ${under}`;
}

/** Names one connection's commands that carry an incident, and all those about jobs. */
export const createIncidentStepNames: CreateStepNames = (knownScripts) => {
  const stepOf = createRedisStepNames(knownScripts);
  return (words) => {
    const known = stepOf(words);
    if (known !== undefined) return known;
    const [command, key, value] = words;
    switch (command?.toLowerCase()) {
      case 'eval':
        return scriptStep(words);
      case 'set':
        return placeOf(key) === 'incident-surface' ? surfaceStep(value) : undefined;
      case 'zadd':
        return placeOf(key) === 'unshown' ? 'incident put off' : undefined;
      default:
        return undefined;
    }
  };
};
