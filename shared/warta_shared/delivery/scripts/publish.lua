-- Add entries that were not added before: repeating the call after a lost reply adds nothing twice.
-- KEYS: stream, then for each entry the hash that holds its marker (one slot).
-- ARGV: marker lifetime in ms, number of field arguments an entry (0: markers alone, nothing is added), then for
--   each entry: its field in the hash, expected marker ('' = none), new marker (never '' nor the expected one),
--   the fields.
-- A marker is the state of an article (or page) as its last publish left it. The caller read it before, and
-- the entry counts only if it is still the same. Before it stands the hour of its last write, in three bytes.
-- Returns for each entry: 1 published, 2 repeated (this very publish happened before), 0 another marker stands.
-- The first command that writes is one that Redis refuses for lack of memory: all or nothing.
local lifetime, width = tonumber(ARGV[1]), tonumber(ARGV[2])
local hour = math.floor(redis.call('TIME')[1] / 3600)
local stamp = struct.pack('>I3', hour)
local oldest = hour - math.ceil(lifetime / 3600000)

-- A hash lives as long as its last record; one write in 32 clears it of those that were not written for so long.
local function put(bucket, field, marker)
  redis.call('HSET', bucket, field, stamp .. marker)
  redis.call('PEXPIRE', bucket, lifetime + 3600000)
  if string.byte(field, -1) % 32 == 0 then
    local records = redis.call('HGETALL', bucket)
    for i = 1, #records, 2 do
      if #records[i + 1] < 3 or struct.unpack('>I3', records[i + 1]) < oldest then
        redis.call('HDEL', bucket, records[i])
      end
    end
  end
end

local answers, at = {}, 3
for i = 2, #KEYS do
  local field, expected, new = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  local first = at + 3
  at = first + width
  local stands = string.sub(redis.call('HGET', KEYS[i], field) or '', 4)
  if stands == new then
    -- Written again so that a WAIT after this call covers the first publish, whose reply was lost.
    put(KEYS[i], field, new)
    answers[#answers + 1] = 2
  elseif stands ~= expected then
    answers[#answers + 1] = 0
  else
    if width > 0 then
      redis.call('XADD', KEYS[1], '*', unpack(ARGV, first, at - 1))
    end
    put(KEYS[i], field, new)
    answers[#answers + 1] = 1
  end
end
return answers
