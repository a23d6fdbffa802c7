-- Take pending entries over from whoever holds them.
-- KEYS: stream. ARGV: group, consumer, least idle time in ms, then the entry ids.
-- Returns the entries taken over, and how many were pending but deleted from the stream: XCLAIM drops those
-- from the pending list, and nothing else does so within this step.
local function pending() return redis.call('XPENDING', KEYS[1], ARGV[1])[1] end
local before = pending()
local entries = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], ARGV[3], unpack(ARGV, 4))
return {entries, before - pending()}
