-- What a stream was given and what became of it, all at one instant.
-- KEYS: stream, the counter of what its group has settled. ARGV: group.
-- Returns: added since the stream is there, settled, pending, waiting (-1: Redis cannot tell after a deletion in the
-- middle). Where nothing counts yet, or the stream was made anew, counting begins: what is neither pending nor
-- waiting then passes for settled.
local function fields(flat)
  local found = {}
  for i = 1, #flat, 2 do found[flat[i]] = flat[i + 1] end
  return found
end
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err then
  if string.find(info.err, 'no such key') then return { 0, 0, 0, 0 } end
  return info
end
local added, pending, waiting = fields(info)['entries-added'], 0, fields(info)['entries-added']
for _, one in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = fields(one)
  if group['name'] == ARGV[1] then pending, waiting = group['pending'], group['lag'] or -1 end
end
local settled = tonumber(redis.call('GET', KEYS[2]))
if waiting >= 0 and (not settled or settled + pending + waiting > added) then
  settled = added - pending - waiting
  redis.call('SET', KEYS[2], settled)
end
return { added, settled or 0, pending, waiting }
