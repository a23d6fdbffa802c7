-- Settle a batch in one step: acknowledge, and only what was still ours to acknowledge is passed on.
-- A stalled worker that wakes after its batch was claimed and settled by another thus publishes nothing.
-- KEYS: source stream, target stream, dead-letter stream, counter of what is settled (one slot).
-- ARGV: group, consumer, number of fields of an entry, their names, then for each message: `VERB COUNT` (COUNT:
--   the deliveries that count where it stays pending), its entry id, and the values where the verb needs them.
--   Each argument costs the client more than its bytes: hence names once, and two words in one.
--   done              XACK
--   publish VALUE...  XACK, then XADD to the target
--   dead VALUE...     XACK, then XADD to the dead letters
--   keep              stays pending, if it still is ours; `keep COUNT IDLE` also says for how long (ms) it is idle
-- Returns for each message: 1 settled here, 0 no longer ours, or the error text of a refused XADD: that message
-- is pending as before, this delivery not counted.
local source, group, consumer = KEYS[1], ARGV[1], ARGV[2]

local function keep(id, count, idle, force)
  return #redis.call('XCLAIM', source, group, consumer, 0, id, 'IDLE', idle, 'RETRYCOUNT', count, 'JUSTID', unpack(force))
end

local width = tonumber(ARGV[3])

local function fields(first)
  local flat = {}
  for i = 0, width - 1 do
    flat[2 * i + 1], flat[2 * i + 2] = ARGV[4 + i], ARGV[first + i]
  end
  return flat
end

local settled, at, done = {}, 4 + width, 0
while at <= #ARGV do
  local verb, count, idle = string.match(ARGV[at], '^(%a+) (%d+) ?(%d*)$')
  local id, values = ARGV[at + 1], at + 2
  local target = ({publish = KEYS[2], dead = KEYS[3]})[verb]
  at = values + (target and width or 0)
  local answer
  if verb == 'keep' then
    local pending = redis.call('XPENDING', source, group, id, id, 1, consumer)
    answer = #pending
    -- An entry that was deleted from the stream is none any more.
    if answer == 1 then answer = keep(id, count, idle == '' and pending[1][3] or idle, {}) end
  else
    -- XACK comes first: it is the guard, and after a first write Redis does not refuse XADD for lack of memory.
    answer = redis.call('XACK', source, group, id)
    if answer == 1 and target then
      local added = redis.pcall('XADD', target, '*', unpack(fields(values)))
      if type(added) == 'table' and added.err then
        keep(id, count, 0, {'FORCE'})
        answer = added.err
      end
    end
  end
  if verb ~= 'keep' and answer == 1 then done = done + 1 end
  settled[#settled + 1] = answer
end
-- Counted once counting has begun (stage.lua). It must not fail what is settled: a user of an earlier release may not.
if done > 0 and redis.pcall('EXISTS', KEYS[4]) == 1 then redis.pcall('INCRBY', KEYS[4], done) end
return settled
