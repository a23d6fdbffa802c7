-- Settle a batch in one step: acknowledge, and only what was still ours to acknowledge is passed on.
-- A stalled worker that wakes after its batch was claimed and settled by another thus publishes nothing.
-- KEYS: source stream, target stream, dead-letter stream (one slot).
-- ARGV: group, consumer, then for each message: verb, entry id, number of extra arguments, the arguments.
--   done            XACK
--   publish F...    XACK, then XADD target F...
--   dead F...       XACK, then XADD dead letters F...
--   excuse N        stays pending, this delivery not counted: the delivery counter becomes N, idle time 0
-- Returns 1 for each message that was settled here, 0 for each that was no longer ours.
for i = 2, 3 do
  local kind = redis.call('TYPE', KEYS[i]).ok
  if kind ~= 'stream' and kind ~= 'none' then
    return redis.error_reply('WRONGTYPE ' .. KEYS[i] .. ' is a ' .. kind .. ', not a stream')
  end
end
local group, consumer = ARGV[1], ARGV[2]
local settled, at = {}, 3
while at <= #ARGV do
  local verb, id, extra = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local first = at + 3
  at = first + extra
  if verb == 'excuse' then
    local mine = redis.call('XPENDING', KEYS[1], group, id, id, 1, consumer)
    if #mine == 1 then
      redis.call('XCLAIM', KEYS[1], group, consumer, 0, id, 'RETRYCOUNT', ARGV[first], 'JUSTID')
    end
    settled[#settled + 1] = #mine
  else
    -- XACK comes first: it is the guard, and after a first write Redis does not refuse XADD for lack of memory.
    local ours = redis.call('XACK', KEYS[1], group, id)
    if ours == 1 and verb ~= 'done' then
      local target = verb == 'publish' and KEYS[2] or KEYS[3]
      redis.call('XADD', target, '*', unpack(ARGV, first, at - 1))
    end
    settled[#settled + 1] = ours
  end
end
return settled
