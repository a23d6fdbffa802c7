-- Remove what every group has read and acknowledged, and nothing else.
-- KEYS: stream. ARGV: oldest id that a replay window keeps ('' = no window), then the groups that must exist.
-- Returns the number of removed entries, or -1 when an expected group is missing (nothing is removed then).
local function older(a, b)
  local am, as = a:match('^(%d+)-(%d+)$')
  local bm, bs = b:match('^(%d+)-(%d+)$')
  if #am ~= #bm then return #am < #bm end
  if am ~= bm then return am < bm end
  if #as ~= #bs then return #as < #bs end
  return as < bs
end
local infos = redis.pcall('XINFO', 'GROUPS', KEYS[1])
if infos.err then return -1 end -- there is no such stream
local lowest, found = nil, {}
for _, info in ipairs(infos) do
  local group = {}
  for i = 1, #info, 2 do group[info[i]] = info[i + 1] end
  found[group['name']] = true
  local needed = group['last-delivered-id']
  local pending = redis.call('XPENDING', KEYS[1], group['name'])
  if pending[1] > 0 and older(pending[2], needed) then needed = pending[2] end
  if not lowest or older(needed, lowest) then lowest = needed end
end
for i = 2, #ARGV do
  if not found[ARGV[i]] then return -1 end
end
if not lowest then return -1 end
if ARGV[1] ~= '' and older(ARGV[1], lowest) then lowest = ARGV[1] end
return redis.call('XTRIM', KEYS[1], 'MINID', '=', lowest)
