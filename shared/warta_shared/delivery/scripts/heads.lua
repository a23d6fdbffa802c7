-- Entries of a stream without their bodies: for each its id, and the fields `id` and `observed_at` ('' for none).
-- KEYS: stream. ARGV: from which entry id, to which, how many at the most.
local heads = {}
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[2], 'COUNT', ARGV[3])) do
  local identity, version = '', ''
  for i = 1, #entry[2], 2 do
    if entry[2][i] == 'id' then identity = entry[2][i + 1] end
    if entry[2][i] == 'observed_at' then version = entry[2][i + 1] end
  end
  heads[#heads + 1] = { entry[1], identity, version }
end
return heads
