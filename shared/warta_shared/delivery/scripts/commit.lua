-- Settle a batch in one step: acknowledge, and only what was still ours to acknowledge is passed on.
-- A stalled worker that wakes after its batch was claimed and settled by another thus publishes nothing.
-- KEYS: source stream, target stream, dead-letter stream (one slot).
-- ARGV: group, consumer, then for each message: verb, entry id, delivery count without this delivery, number
--   of further arguments, those arguments.
--   done            XACK
--   publish F...    XACK, then XADD target F...
--   dead F...       XACK, then XADD dead letters F...
--   excuse          stays pending, this delivery not counted, idle time 0
-- Returns for each message: 1 settled here, 0 no longer ours, or the error text of a refused XADD: that message
-- is pending as before, this delivery not counted.
local source, group, consumer = KEYS[1], ARGV[1], ARGV[2]

local function excuse(id, count, force)
  redis.call('XCLAIM', source, group, consumer, 0, id, 'RETRYCOUNT', count, 'JUSTID', unpack(force))
end

local settled, at = {}, 3
while at <= #ARGV do
  local verb, id, count = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local first = at + 4
  at = first + tonumber(ARGV[at + 3])
  local answer
  if verb == 'excuse' then
    answer = #redis.call('XPENDING', source, group, id, id, 1, consumer)
    if answer == 1 then excuse(id, count, {}) end
  else
    -- XACK comes first: it is the guard, and after a first write Redis does not refuse XADD for lack of memory.
    answer = redis.call('XACK', source, group, id)
    if answer == 1 and verb ~= 'done' then
      local added = redis.pcall('XADD', verb == 'publish' and KEYS[2] or KEYS[3], '*', unpack(ARGV, first, at - 1))
      if type(added) == 'table' and added.err then
        excuse(id, count, {'FORCE'})
        answer = added.err
      end
    end
  end
  settled[#settled + 1] = answer
end
return settled
