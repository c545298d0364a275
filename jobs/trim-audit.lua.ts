import { AUDIT_FUNCTIONS, type AuditArguments } from '../src/requests/audit.lua.ts';

/**
 * Removes the oldest entries of the audit log, and says so in its last one, as a Redis script; nothing where another hub
 * has removed some since they were read.
 *
 * KEYS  1 audit stream  2 audit head  3 how many were removed
 * ARGV  1 one JSON object (TrimArguments)
 * Returns {'ok'} | {'moved'} | {'head', head}
 */
export const TRIM_SCRIPT = `${AUDIT_FUNCTIONS}
local a = cjson.decode(ARGV[1])
local head = moved_head(KEYS[2], a)
if head then return {'head', head} end
if (redis.call('GET', KEYS[3]) or '0') ~= a.removedBefore then return {'moved'} end
append_entries(KEYS[1], KEYS[2], a)
local kept = redis.call('XRANGE', KEYS[1], '(' .. a.last, '+', 'COUNT', 1)[1]
redis.call('XTRIM', KEYS[1], 'MINID', kept[1])
redis.call('SET', KEYS[3], a.removed)
return {'ok'}
`;

export interface TrimArguments extends AuditArguments {
  /** Id in the stream of the last entry to be removed. */
  last: string;
  /** How many were removed before, and are then: whole numbers, which Lua would write as it likes. */
  removedBefore: string;
  removed: string;
}
