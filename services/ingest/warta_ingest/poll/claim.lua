-- Lease feeds that are due: their time moves on by the lease, so a worker that dies loses nothing but time.
-- KEYS: the schedule (sorted set: feed id by due time in ms). ARGV: now, time after the lease, how many.
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
for _, feed in ipairs(due) do
  redis.call('ZADD', KEYS[1], ARGV[2], feed)
end
return due
