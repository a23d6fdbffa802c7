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
local added, pending, last = fields(info)['entries-added'], 0, nil
local waiting = added
for _, one in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = fields(one)
  if group['name'] == ARGV[1] then
    pending, waiting, last = group['pending'], group['lag'] or -1, group['last-delivered-id']
  end
end

-- A replica of Redis 7.0 is not told how much its master's group has read: once it is the master itself, `lag` is
-- too large, for ever. So it is counted where it cannot be right, and the group put right, where the user may.
local function count_behind()
  local number, from = 0, last
  repeat
    local page = redis.call('XRANGE', KEYS[1], '(' .. from, '+', 'COUNT', 500)
    number = number + #page
    if #page > 0 then from = page[#page][1] end
  until #page < 500
  if number ~= waiting then redis.pcall('XGROUP', 'SETID', KEYS[1], ARGV[1], last, 'ENTRIESREAD', added - number) end
  return number
end

local settled = tonumber(redis.call('GET', KEYS[2]))
local function impossible() return not settled or settled + pending + waiting > added end
if last and waiting >= 0 and impossible() then waiting = count_behind() end
if waiting >= 0 and impossible() then
  settled = added - pending - waiting
  redis.call('SET', KEYS[2], settled)
end
return { added, settled or 0, pending, waiting }
