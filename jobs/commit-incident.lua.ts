import { AUDIT_FUNCTIONS, type AuditArguments } from '../src/requests/audit.lua.ts';

/**
 * The one way in which an incident or a storm changes, as a Redis script: compare-and-swap on its version, for a new
 * one on the index's field, so that two hubs open it once, and only where nothing has or had its short id. With it go,
 * or nothing does: the entries of the audit log, and that its channel has something to be shown.
 *
 * KEYS  1 record  2 index  3 unshown in its channel  4 channels with something unshown  5 audit stream  6 audit head
 *       7 surface
 * ARGV  1 one JSON object (CommitArguments)
 * Returns {'ok'} | {'moved'} | {'head', head}
 */
export const COMMIT_INCIDENT_SCRIPT = `${AUDIT_FUNCTIONS}
local a = cjson.decode(ARGV[1])
if a.expectedVersion == 0 then
  if (redis.call('HGET', KEYS[2], a.field) or '') ~= a.replaces then return {'moved'} end
  if redis.call('EXISTS', KEYS[1], KEYS[7]) > 0 then return {'moved'} end
elseif redis.call('HGET', KEYS[1], 'version') ~= tostring(a.expectedVersion) then
  return {'moved'}
end
if #a.entries > 0 then
  local head = moved_head(KEYS[6], a)
  if head then return {'head', head} end
  append_entries(KEYS[5], KEYS[6], a)
end
redis.call('HSET', KEYS[1], 'version', tostring(a.version), 'json', a.json)
if a.over then redis.call('EXPIRE', KEYS[1], a.retainSeconds) else redis.call('PERSIST', KEYS[1]) end
if a.expectedVersion == 0 then redis.call('HSET', KEYS[2], a.field, a.id) end
redis.call('ZADD', KEYS[3], 'NX', a.turn, a.id)
redis.call('SADD', KEYS[4], a.channel)
return {'ok'}
`;

export interface CommitArguments extends AuditArguments {
  id: string;
  /** 0: it is new. */
  expectedVersion: number;
  version: number;
  json: string;
  /** Of the index. */
  field: string;
  /** Id that the index has so far; empty: none. */
  replaces: string;
  /** Nothing more will happen to it, unless it relapses. */
  over: boolean;
  retainSeconds: number;
  channel: string;
  /** Its place among what is unshown, where it has none yet; text, as Lua would round it. */
  turn: string;
}

/**
 * KEYS  1 silences  2 audit stream  3 audit head
 * ARGV  1 one JSON object (SilenceArguments)
 * Returns {'ok'} | {'absent'}: there is none to end | {'head', head}
 */
export const SILENCE_SCRIPT = `${AUDIT_FUNCTIONS}
local a = cjson.decode(ARGV[1])
if not a.json and redis.call('HEXISTS', KEYS[1], a.field) == 0 then return {'absent'} end
local head = moved_head(KEYS[3], a)
if head then return {'head', head} end
append_entries(KEYS[2], KEYS[3], a)
if a.json then redis.call('HSET', KEYS[1], a.field, a.json) else redis.call('HDEL', KEYS[1], a.field) end
return {'ok'}
`;

export interface SilenceArguments extends AuditArguments {
  field: string;
  /** Absent: the silence ends. */
  json?: string;
}
