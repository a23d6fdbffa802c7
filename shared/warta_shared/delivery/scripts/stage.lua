-- What a stream was given and what became of it, all at one instant.
-- KEYS: stream, the counter of what its group has settled. ARGV: group.
-- Returns: added since the stream is there, settled (-1: nothing counts yet), pending, waiting (-1: Redis cannot tell
-- after a deletion in the middle), the last entry given out and the newest one ('' without a group).
local function fields(flat)
  local found = {}
  for i = 1, #flat, 2 do found[flat[i]] = flat[i + 1] end
  return found
end
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err then
  if string.find(info.err, 'no such key') then return { 0, 0, 0, 0, '', '' } end
  return info
end
local stream = fields(info)
local settled = tonumber(redis.call('GET', KEYS[2])) or -1
for _, one in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = fields(one)
  if group['name'] == ARGV[1] then
    local waiting = group['lag'] or -1
    return { stream['entries-added'], settled, group['pending'], waiting, group['last-delivered-id'],
      stream['last-generated-id'] }
  end
end
return { stream['entries-added'], settled, 0, stream['entries-added'], '', '' }
