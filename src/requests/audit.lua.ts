/**
 * The audit log in a commit's script: that its head is still the one that the entries were chained to, and the entries
 * themselves. `a` holds the arguments (AuditArguments); nothing is written where the head has moved.
 */
export const AUDIT_FUNCTIONS = `
local function moved_head(head_key, a)
  local head = redis.call('GET', head_key) or a.genesis
  if head ~= a.expectedHead then return head end
end
local function append_entries(stream_key, head_key, a)
  for _, chained in ipairs(a.entries) do
    redis.call('XADD', stream_key, '*', 'hash', chained.hash, 'entry', chained.entry)
    redis.call('SET', head_key, chained.hash)
  end
end
`;

export interface AuditArguments {
  genesis: string;
  expectedHead: string;
  entries: { entry: string; hash: string }[];
}
