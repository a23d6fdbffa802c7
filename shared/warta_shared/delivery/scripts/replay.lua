-- Put a dead letter's original entry back where it came from, once.
-- KEYS: dead-letter stream, original stream (one slot). ARGV: dead letter's entry id, the original's fields.
-- Returns 1, or 0 when the dead letter is gone (already replayed).
local kind = redis.call('TYPE', KEYS[2]).ok
if kind ~= 'stream' and kind ~= 'none' then
  return redis.error_reply('WRONGTYPE ' .. KEYS[2] .. ' is a ' .. kind .. ', not a stream')
end
if #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', unpack(ARGV, 2))
return redis.call('XDEL', KEYS[1], ARGV[1])
