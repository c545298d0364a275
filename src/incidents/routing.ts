import { globMatches } from '../glob.ts';
import { type Finding, SEVERITY_OF } from './finding.ts';
import type { IncidentRule, IncidentSettings } from './incident.ts';

/** The channel for this finding, by the first rule that matches; undefined where it is to be ignored. */
export function route(settings: IncidentSettings, finding: Finding, cluster: string): string | undefined {
  const rule = settings.rules.find(({ match }) => matches(match, finding, cluster));
  return rule ? rule.channel : settings.channel;
}

/** No channel is named anywhere: incidents are off. */
export function isOff({ channel, rules }: IncidentSettings): boolean {
  return channel === undefined && rules.every((rule) => rule.channel === undefined);
}

function matches(match: IncidentRule['match'], finding: Finding, cluster: string): boolean {
  const { kind, owner, labels } = finding;
  if (match.severity && !match.severity.includes(SEVERITY_OF[kind])) return false;
  if (match.namespace && owner.namespace === '') return false;
  const conditions: [readonly string[] | undefined, string][] = [
    [match.kind, kind],
    [match.cluster, cluster],
    [match.namespace, owner.namespace],
    [match.workload, owner.name],
  ];
  return (
    conditions.every(([patterns, value]) => !patterns || anyMatches(patterns, value)) && hasAll(labels, match.labels)
  );
}

function anyMatches(patterns: readonly string[], value: string): boolean {
  return patterns.some((pattern) => globMatches(pattern, value));
}

function hasAll(labels: Finding['labels'], wanted: IncidentRule['match']['labels']): boolean {
  return Object.entries(wanted ?? {}).every(([key, pattern]) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return value !== undefined && globMatches(pattern, value);
  });
}
