-- Lease feeds that are due: their time moves on by the lease, so a worker that dies loses nothing but time.
-- KEYS: the schedule (sorted set: feed id by due time in ms). ARGV: now, time after the lease, how many.
-- Returns id and due time of each, one after the other.
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[3])
for i = 1, #due, 2 do
  redis.call('ZADD', KEYS[1], ARGV[2], due[i])
end
return due
