-- Give a host back: its key stays for the gap, so that nobody asks before. Only if it still is ours.
-- KEYS: the host's key. ARGV: our token, the gap in ms (0 = none).
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
if tonumber(ARGV[2]) > 0 then
  redis.call('SET', KEYS[1], 'gap', 'PX', ARGV[2])
else
  redis.call('DEL', KEYS[1])
end
return 1
