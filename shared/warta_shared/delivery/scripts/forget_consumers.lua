-- Remove consumers of processes that are gone: nothing pending and long idle. (XGROUP DELCONSUMER drops what
-- a consumer still has pending, so the check and the removal must be one step.)
-- KEYS: stream. ARGV: group, idle ms, the caller's own name (kept). Returns the number removed.
local removed = 0
for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  local consumer = {}
  for i = 1, #info, 2 do consumer[info[i]] = info[i + 1] end
  if consumer['name'] ~= ARGV[3] and consumer['pending'] == 0 and consumer['idle'] > tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer['name'])
    removed = removed + 1
  end
end
return removed
