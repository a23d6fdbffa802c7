-- Add entries that were not added before: repeating the call after a lost reply adds nothing twice.
-- KEYS: stream, then one marker key for each entry (one slot).
-- ARGV: marker lifetime in ms, number of field arguments an entry, then for each entry: expected marker ('' =
--   none), new marker, the fields.
-- A marker is the state of an article (or page) as its last publish left it. The caller read it before, and
-- the entry counts only if it is still the same.
-- Returns for each entry: 'published', 'repeated' (this very publish happened before) or the marker that stands
-- in its way ('' when it is gone).
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'stream' and kind ~= 'none' then
  return redis.error_reply('WRONGTYPE ' .. KEYS[1] .. ' is a ' .. kind .. ', not a stream')
end
local lifetime, width = ARGV[1], tonumber(ARGV[2])
local answers, at = {}, 3
for i = 2, #KEYS do
  local expected, new = ARGV[at], ARGV[at + 1]
  local first = at + 2
  at = first + width
  local stands = redis.call('GET', KEYS[i]) or ''
  if stands == new then
    answers[#answers + 1] = 'repeated'
  elseif stands ~= expected then
    answers[#answers + 1] = stands
  else
    redis.call('XADD', KEYS[1], '*', unpack(ARGV, first, at - 1))
    redis.call('SET', KEYS[i], new, 'PX', lifetime)
    answers[#answers + 1] = 'published'
  end
end
return answers
