import { AUDIT_FUNCTIONS, type AuditArguments } from './audit.lua.ts';

/**
 * The one way in which a request changes, as a Redis script: compare-and-swap on the request's version and on the
 * audit log's head; then request, audit entries, intents and indexes together, or nothing.
 *
 * KEYS  1 request  2 audit stream  3 audit head  4 intents  5 open  6 recent  7 by requester  8 gesture  9 workload lock
 * ARGV  1 one JSON object (CommitArguments)
 * Returns {'ok'} | {'exists', id} | {'moved'} | {'head', head} | {'locked', request id}
 */
export const COMMIT_SCRIPT = `${AUDIT_FUNCTIONS}
local a = cjson.decode(ARGV[1])
if a.expectedVersion == 0 then
  local known = redis.call('GET', KEYS[8])
  if known then return {'exists', known} end
  if redis.call('EXISTS', KEYS[1]) == 1 then return {'moved'} end
elseif redis.call('HGET', KEYS[1], 'version') ~= tostring(a.expectedVersion) then
  return {'moved'}
end
local head = moved_head(KEYS[3], a)
if head then return {'head', head} end
if a.lock == 'take' then
  local holder = redis.call('GET', KEYS[9])
  if holder and holder ~= a.id then return {'locked', holder} end
  redis.call('SET', KEYS[9], a.id)
elseif a.lock == 'free' and redis.call('GET', KEYS[9]) == a.id then
  redis.call('DEL', KEYS[9])
end
append_entries(KEYS[2], KEYS[3], a)
redis.call('HSET', KEYS[1], 'version', tostring(a.version), 'json', a.json)
for _, intent in ipairs(a.intents) do redis.call('HSET', KEYS[4], intent.id, intent.json) end
if a.expectedVersion == 0 then
  redis.call('SET', KEYS[8], a.id, 'EX', a.gestureSeconds)
  redis.call('ZADD', KEYS[6], a.createdAt, a.id)
  redis.call('ZREMRANGEBYRANK', KEYS[6], 0, -1 - a.keepRecent)
  redis.call('ZADD', KEYS[7], a.createdAt, a.id)
  redis.call('ZREMRANGEBYRANK', KEYS[7], 0, -1 - a.keepRecent)
  redis.call('EXPIRE', KEYS[7], a.retainSeconds)
end
if a.terminal then
  redis.call('ZREM', KEYS[5], a.id)
  redis.call('EXPIRE', KEYS[1], a.retainSeconds)
else
  redis.call('ZADD', KEYS[5], a.createdAt, a.id)
end
return {'ok'}
`;

export interface CommitArguments extends AuditArguments {
  id: string;
  /** 0: the request is new. */
  expectedVersion: number;
  version: number;
  json: string;
  createdAt: number;
  terminal: boolean;
  intents: { id: string; json: string }[];
  lock: 'take' | 'free' | 'none';
  gestureSeconds: number;
  retainSeconds: number;
  keepRecent: number;
}
