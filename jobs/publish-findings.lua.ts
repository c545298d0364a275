/**
 * How an agent tells its findings, as two Redis scripts on one hash: a field for each finding (its key, which has a
 * slash in it), and `term`, `claimedAt`, `firstWatched`, `watchingSince`, `watchedUntil`, `asOf`, `seenUntil`,
 * `unseen`, `changedAt`, `version` beside them. A term is the Lease's count of changes of hands: it grows, so whoever comes with a lower one was deposed
 * and is refused.
 */

const REFUSE_DEPOSED = `
local stored = tonumber(redis.call('HGET', KEYS[1], 'term'))
local mine = tonumber(ARGV[1])
if stored and stored > mine then return {'deposed'} end
`;

/**
 * Takes over: from then on the former holder is refused, so that its last `seenUntil` can be read without a race. Calling it
 * again in the same term changes nothing and answers the same.
 *
 * KEYS  1 findings  2 clusters
 * ARGV  1 term  2 now (ms)  3 cluster
 * Returns {'ok', claimed at (ms), first claimed by anybody at (ms), watched until (ms) or ''} | {'deposed'}
 */
export const CLAIM_SCRIPT = `${REFUSE_DEPOSED}
if stored ~= mine then
  local watched = redis.call('HGET', KEYS[1], 'seenUntil')
  redis.call('HSET', KEYS[1], 'term', ARGV[1], 'claimedAt', ARGV[2])
  if watched then redis.call('HSET', KEYS[1], 'watchedUntil', watched) end
end
redis.call('HSETNX', KEYS[1], 'firstWatched', ARGV[2])
redis.call('SADD', KEYS[2], ARGV[3])
local times = redis.call('HMGET', KEYS[1], 'claimedAt', 'firstWatched', 'watchedUntil')
return {'ok', times[1], times[2], times[3] or ''}
`;

/**
 * KEYS  1 findings
 * ARGV  1 term  2 one JSON object (PublishArguments)
 * Returns {'ok', version} | {'deposed'} | {'unclaimed'}: Redis has forgotten the term, and all findings with it |
 * {'behind'}: it has not got what the changes follow on, as a replica that took over may not
 */
export const PUBLISH_SCRIPT = `${REFUSE_DEPOSED}
if stored ~= mine then return {'unclaimed'} end
local a = cjson.decode(ARGV[2])
if not a.complete and redis.call('HGET', KEYS[1], 'version') ~= a.follows then return {'behind'} end
if a.complete then
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    if string.find(field, '/', 1, true) then redis.call('HDEL', KEYS[1], field) end
  end
end
for _, field in ipairs(a.gone) do redis.call('HDEL', KEYS[1], field) end
for _, finding in ipairs(a.changed) do redis.call('HSET', KEYS[1], finding[1], finding[2]) end
redis.call('HSET', KEYS[1], 'asOf', a.asOf, 'seenUntil', a.seenUntil, 'unseen', a.unseen or '[]', 'watchingSince', redis.call('HGET', KEYS[1], 'claimedAt'))
if a.complete or #a.gone > 0 or #a.changed > 0 then
  redis.call('HSET', KEYS[1], 'changedAt', a.now)
  redis.call('HINCRBY', KEYS[1], 'version', 1)
end
return {'ok', redis.call('HGET', KEYS[1], 'version')}
`;

export interface PublishArguments {
  /** ms since the epoch, as text: Lua would write it as a float. */
  asOf: string;
  /** Until when somebody has watched: now, while every watch is heard of as often as it should be. Likewise. */
  seenUntil: string;
  /** Namespaces that the agent may not read, as JSON: Lua takes an empty list for an object. Absent: none. */
  unseen?: string;
  /** By the agent's clock, likewise. */
  now: string;
  /** The version that this agent has left; of no account where it is complete. */
  follows: string;
  /** What is not in `changed` is gone. */
  complete: boolean;
  /** Key and JSON. */
  changed: [string, string][];
  /** Keys. */
  gone: string[];
}
