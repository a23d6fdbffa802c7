-- Find the story of each article, or begin one: looking, deciding and writing down are one step, so that all workers
-- agree. Everything lies in one slot; KEYS[1] names it.
-- ARGV: now (s), window (s), least share of the shorter text, then per article: id (16 bytes), its time (s), source,
-- size (shingles), sketch, bands (8 bytes each; no sketch and no bands: a text too short to be compared).
-- Returns per article: story (16 bytes), source that had it first, 'new', 'joined' or 'known'.
--
-- A record: story (16), time (4), size (2), length of source (1), source, sketch. Bands point to the first 8 bytes of
-- the id that last had them. Two generations of keys, each as long as the window, are looked at; the older one ends
-- by itself.
local SLOT, BUCKETS = KEYS[1], 32768
local CANDIDATES = 48
local SHARED_LEAST = 0.12
local now, window, share = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local generation = math.floor(now / window)
local ends = (generation + 2) * window

local function bucket(kind, of, bytes)
  local number = (bytes:byte(1) * 256 + bytes:byte(2)) % BUCKETS
  return string.format('%s:%s%d:%x', SLOT, kind, of, number)
end

local function look(kind, bytes, field)
  return redis.call('HGET', bucket(kind, generation, bytes), field)
      or redis.call('HGET', bucket(kind, generation - 1, bytes), field)
end

local function put(kind, bytes, field, value)
  local name = bucket(kind, generation, bytes)
  if redis.call('HSET', name, field, value) == 1 and redis.call('HLEN', name) == 1 then
    redis.call('EXPIREAT', name, ends)
  end
end

local function opened(record)
  local time, size = struct.unpack('>I4I2', record:sub(17, 22))
  local length = record:byte(23)
  return {
    story = record:sub(1, 16), time = time, size = size,
    source = record:sub(24, 23 + length), sketch = record:sub(24 + length),
  }
end

local function candidates(bands)
  local hits, names = {}, {}
  for start = 1, #bands, 8 do
    local one = look('b', bands:sub(start, start + 1), bands:sub(start + 2, start + 7))
    if one then
      if not hits[one] then names[#names + 1] = one end
      hits[one] = (hits[one] or 0) + 1
    end
  end
  table.sort(names, function(a, b) if hits[a] ~= hits[b] then return hits[a] > hits[b] end return a < b end)
  return names
end

-- The part of the shorter text that the longer one has, from the share of equal minima (one permutation hashing: bins
-- that both have empty say nothing) and both sizes.
local function contained(mine, my_size, other)
  local equal, filled = 0, 0
  local left, right = {mine:byte(1, #mine)}, {other.sketch:byte(1, #mine)}
  for place = 1, #left do
    if left[place] ~= 0 or right[place] ~= 0 then
      filled = filled + 1
      if left[place] == right[place] then equal = equal + 1 end
    end
  end
  local jaccard = equal / filled
  if jaccard < SHARED_LEAST then return 0 end
  return jaccard / (1 + jaccard) * (my_size + other.size) / math.min(my_size, other.size)
end

local function best(id, time, size, sketch, bands)
  local found, most = nil, share
  for place, name in ipairs(candidates(bands)) do
    if place > CANDIDATES then break end
    local record = name ~= id:sub(1, 8) and look('r', name, name)
    if record then
      local other = opened(record)
      if #other.sketch == #sketch and math.abs(other.time - time) <= window then
        local part = contained(sketch, size, other)
        if part >= most then found, most = other, part + 1e-9 end
      end
    end
  end
  return found
end

local answers = {}
for start = 4, #ARGV, 6 do
  local id, time, source = ARGV[start], tonumber(ARGV[start + 1]), ARGV[start + 2]
  local size, sketch, bands = tonumber(ARGV[start + 3]), ARGV[start + 4], ARGV[start + 5]
  local field = id:sub(1, 8)
  local before = look('r', field, field)
  local story, first, how = id, source, 'new'
  if before then
    local known = opened(before)
    story, first, how, time = known.story, known.source, 'known', known.time
    if #sketch == 0 then sketch, size = known.sketch, known.size end  -- withdrawn: what it was is still compared
  elseif #sketch > 0 then
    local copy = best(id, time, size, sketch, bands)
    if copy then story, first, how = copy.story, copy.source, 'joined' end
  end
  put('r', field, field, story .. struct.pack('>I4I2', time, size) .. string.char(#first) .. first .. sketch)
  for place = 1, #bands, 8 do
    put('b', bands:sub(place, place + 1), bands:sub(place + 2, place + 7), field)
  end
  answers[#answers + 1] = {story, first, how}
end
return answers
