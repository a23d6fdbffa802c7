-- Begin to count what a group has settled, or begin anew, with nothing unread; and put right what is known of how
-- much it has read. A replica of Redis 7.0 is not told that: once it is the master itself, `lag` is too large for ever.
-- KEYS: stream, the counter of what its group has settled. ARGV: group, by how much its lag is too large.
-- Does nothing where numbers fit together again, as after another worker was here. Returns 1 when the group was put
-- right or needed nothing, 0 when its lag must stay wrong since this user may not set it.
local function fields(flat)
  local found = {}
  for i = 1, #flat, 2 do found[flat[i]] = flat[i + 1] end
  return found
end
local added = fields(redis.call('XINFO', 'STREAM', KEYS[1]))['entries-added']
local group
for _, one in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  if fields(one)['name'] == ARGV[1] then group = fields(one) end
end
local settled = tonumber(redis.call('GET', KEYS[2]))
if not group or not group['lag'] then return 1 end
if settled and settled + group['pending'] + group['lag'] <= added then return 1 end
local waiting, right = math.max(0, group['lag'] - tonumber(ARGV[2])), 1
if waiting < group['lag'] then
  local set = redis.pcall('XGROUP', 'SETID', KEYS[1], ARGV[1], group['last-delivered-id'], 'ENTRIESREAD', added - waiting)
  if set.err then right = 0 end
end
if not settled or settled + group['pending'] + waiting > added then
  redis.call('SET', KEYS[2], added - group['pending'] - waiting)
end
return right
