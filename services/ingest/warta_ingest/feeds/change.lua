-- Change feeds, each only if it still is as the caller saw it; the revision tells every replica to look again.
-- KEYS: the feeds (hash: record by feed id). ARGV: field of the revision, then for each feed: id, the record
--   expected ('' = none, '*' = any), the new record ('' = none).
-- Returns the ids that had been changed by somebody else and were left as they are.
local changed, refused = false, {}
for at = 2, #ARGV, 3 do
  local id, expected, new = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local stands = redis.call('HGET', KEYS[1], id) or ''
  if expected ~= '*' and expected ~= stands then
    refused[#refused + 1] = id
  elseif new ~= stands then
    if new == '' then redis.call('HDEL', KEYS[1], id) else redis.call('HSET', KEYS[1], id, new) end
    changed = true
  end
end
if changed then redis.call('HINCRBY', KEYS[1], ARGV[1], 1) end
return refused
