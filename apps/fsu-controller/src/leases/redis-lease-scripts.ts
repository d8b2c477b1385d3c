/**
 * What Redis does for leases, each script at once: keys are the lease of a target, its originals,
 * and the run of this Redis. Time is Redis' own. A lease's fields: `token`, `holder` (empty once
 * given back) and `until` (ms); those of the run: `id`, and `since` when it was first seen.
 *
 * A lease that was written in the last second before a crash may be gone after it, whatever else
 * is kept; so a run that is new says nothing of who holds what was never heard of in it.
 */
const preamble = `
local lease, originals, run = KEYS[1], KEYS[2], KEYS[3]
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local id = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if redis.call('HGET', run, 'id') ~= id then
  redis.call('HSET', run, 'id', id, 'since', now)
end
local known = tonumber(redis.call('HGET', lease, 'token') or '0')
local holder = redis.call('HGET', lease, 'holder') or ''
local untilMs = tonumber(redis.call('HGET', lease, 'until') or '0')
local isLive = holder ~= '' and untilMs > now
local function keep(token, who, ttl)
  local text = string.format('%.0f', token)
  redis.call('HSET', lease, 'token', text, 'holder', who, 'until', string.format('%.0f', now + ttl))
  return text
end
`;

/**
 * Arguments: holder, length ms, least token, how long a new run settles ms, then the token under
 * which the holder noted originals, and name and text of each: a Redis that never heard of that
 * token has lost them.
 */
export const acquireScript = `${preamble}
local who, ttl, least, settle = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
if isLive and holder ~= who then return {'held', holder, untilMs - now} end
local settlesIn = tonumber(redis.call('HGET', run, 'since')) + settle - now
if settlesIn > 0 then return {'settling', '', settlesIn} end
local token = math.max(known + 1, least)
if token > 9007199254740991 then return {'exhausted', '', 0} end
local text = keep(token, who, ttl)
if known >= tonumber(ARGV[5]) then return {'granted', text, 0} end
for each = 6, #ARGV, 2 do redis.call('HSETNX', originals, ARGV[each], ARGV[each + 1]) end
return {'granted', text, 1}
`;

/** Arguments: holder, token, length ms, then name and text of each original that must be there. */
export const renewScript = `${preamble}
local who, token, ttl = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
if token < known or (token == known and holder ~= who) then
  return {'lost', isLive and holder or ''}
end
keep(token, who, ttl)
for each = 4, #ARGV, 2 do redis.call('HSETNX', originals, ARGV[each], ARGV[each + 1]) end
return {'ours', ''}
`;

/** Arguments: holder, token. */
export const releaseScript = `${preamble}
if tonumber(ARGV[2]) == known and holder == ARGV[1] then redis.call('HSET', lease, 'holder', '') end
return 1
`;

/** Arguments: holder, token, name, and the text; without one the original is removed. */
export const originalScript = `${preamble}
if tonumber(ARGV[2]) ~= known or holder ~= ARGV[1] then return 0 end
if ARGV[4] then redis.call('HSET', originals, ARGV[3], ARGV[4])
else redis.call('HDEL', originals, ARGV[3]) end
return 1
`;
