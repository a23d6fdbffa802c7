-- Add entries that were not added before: repeating the call after a lost reply adds nothing twice.
-- KEYS: stream, then one marker key for each entry (one slot).
-- ARGV: marker lifetime in ms, number of field arguments an entry, then for each entry: expected marker ('' =
--   none), new marker (never '' nor the expected one), the fields.
-- A marker is the state of an article (or page) as its last publish left it. The caller read it before, and
-- the entry counts only if it is still the same.
-- Returns for each entry: 1 published, 2 repeated (this very publish happened before), 0 another marker stands.
-- The first command that writes is one that Redis refuses for lack of memory: all or nothing.
local lifetime, width = ARGV[1], tonumber(ARGV[2])
local answers, at = {}, 3
for i = 2, #KEYS do
  local expected, new = ARGV[at], ARGV[at + 1]
  local first = at + 2
  at = first + width
  local stands = redis.call('GET', KEYS[i]) or ''
  if stands == new then
    -- Written again so that a WAIT after this call covers the first publish, whose reply was lost.
    redis.call('SET', KEYS[i], new, 'PX', lifetime)
    answers[#answers + 1] = 2
  elseif stands ~= expected then
    answers[#answers + 1] = 0
  else
    redis.call('XADD', KEYS[1], '*', unpack(ARGV, first, at - 1))
    redis.call('SET', KEYS[i], new, 'PX', lifetime)
    answers[#answers + 1] = 1
  end
end
return answers
