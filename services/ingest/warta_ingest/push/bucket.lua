-- Take articles from a key's bucket, which all replicas share; a refusal takes nothing.
-- KEYS: the bucket ("left:ms"; absent = full). ARGV: articles a minute, articles wanted.
-- The server's own clock counts: those of replicas differ.
-- Returns 1 or 0 for taken or not, and what is left (text, a fraction).
local most, wanted = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local left, at = most, now
local stands = redis.call('GET', KEYS[1])
if stands then
  local was, since = string.match(stands, '^([%d.]+):(%d+)$')
  if was then left, at = tonumber(was), tonumber(since) end
end
left = math.min(most, left + math.max(0, now - at) * most / 60000)
if wanted > left then return {0, string.format('%.3f', left)} end
left = left - wanted
redis.call('SET', KEYS[1], string.format('%.3f:%d', left, now), 'PX', 60000)
return {1, string.format('%.3f', left)}
