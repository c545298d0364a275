import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { type Finding, findingKey, findingSchema, type Picture } from '../src/incidents/finding.ts';
import { answering } from '../src/requests/answering.ts';
import type { Keys } from '../src/requests/keys.ts';

/** Reads what the agents found. An agent is a stranger to the hub: what makes no sense is left out. */
export interface PublishedFindings {
  /** Undefined where no agent of the cluster has told anything yet. UnavailableError where Redis is away. */
  picture(cluster: string): Promise<Picture | undefined>;
  /** Differs where the findings do, and where `asOf` does: a cheap look at whether there is anything new. */
  mark(cluster: string): Promise<{ findings: string; asOf: number | undefined }>;
}

/** Malformed findings that are remembered, so that each is logged once. */
const REMEMBERED = 1_000;

function time(text: string | null | undefined): number | undefined {
  const ms = Number(text ?? undefined);
  return Number.isSafeInteger(ms) && ms >= 0 ? ms : undefined;
}

/** A list of namespaces as JSON; undefined where there are none in it, or it makes no sense. */
function names(json = '[]'): string[] | undefined {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) && list.length > 0 ? list.filter((name) => typeof name === 'string') : undefined;
  } catch {
    return undefined;
  }
}

function parse(key: string, json: string): { finding: Finding } | { problem: string } {
  try {
    const parsed = findingSchema.safeParse(JSON.parse(json));
    if (!parsed.success) return { problem: parsed.error.message };
    return findingKey(parsed.data) === key ? { finding: parsed.data } : { problem: 'it is told under another key' };
  } catch {
    return { problem: 'it is no JSON' };
  }
}

export function createPublishedFindings(deps: { redis: Redis; keys: Keys; logger: Logger }): PublishedFindings {
  const { redis, keys, logger } = deps;
  const malformed = new Set<string>();

  function complain(cluster: string, key: string, problem: string): void {
    const name = `${cluster} ${key}`;
    if (malformed.has(name)) return;
    if (malformed.size >= REMEMBERED) malformed.clear();
    malformed.add(name);
    logger.error({ cluster, finding: key.slice(0, 500), problem }, 'an agent told a finding that makes no sense');
  }

  return {
    async picture(cluster) {
      const { asOf, unseen, changedAt, watchingSince, watchedUntil, ...fields } = await answering(
        redis.hgetall(keys.findings(cluster)),
      );
      const [known, changed, since] = [time(asOf), time(changedAt), time(watchingSince)];
      if (known === undefined || changed === undefined || since === undefined) return undefined;
      const findings: Finding[] = [];
      for (const [key, json] of Object.entries(fields)) {
        if (!key.includes('/')) continue;
        const parsed = parse(key, json);
        if ('finding' in parsed) findings.push(parsed.finding);
        else complain(cluster, key, parsed.problem);
      }
      const watched = { watchingSince: since, watchedUntil: time(watchedUntil) };
      return { cluster, findings, asOf: known, unseen: names(unseen), changedAt: changed, ...watched };
    },
    async mark(cluster) {
      const stored = await answering(redis.hmget(keys.findings(cluster), 'term', 'version', 'asOf'));
      const [term, version, asOf] = stored;
      return { findings: `${term}.${version}`, asOf: time(asOf) };
    },
  };
}
