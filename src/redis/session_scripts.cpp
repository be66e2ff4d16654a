// SPDX-License-Identifier: MIT
#include "redis/session_scripts.hpp"

#include <string>

namespace cloakroom::redis {
namespace {

// What scripts have in common. Numbers in Lua are doubles: whole ones are exact up to 2^53. A
// script that has not written yet is refused while Redis is out of memory, so those that end a
// session begin with PEXPIRE, which is allowed. DEL would be too, but in a slot that is moving to
// another node a key that is gone cannot be set any more.
const std::string common = R"lua(
local function number(v, from, size)
  local n = 0
  for at = from, from + size - 1 do n = n * 256 + string.byte(v, at) end
  return n
end
local function is_session(v) return v and #v >= 97 and string.byte(v, 1) == 1 end
local function is_live(v, now)
  return is_session(v) and number(v, 20, 5) > now and number(v, 25, 5) > now
end
local function owner_of(v) return string.sub(v, 96, 95 + number(v, 94, 2)) end
local function bury(key, id)
  if redis.call('PEXPIRE', key, 60000) == 1 then
    redis.call('SET', key, 'x' .. id, 'PX', 60000)
  end
end
local function unlist(v, base, member)
  local owner = owner_of(v)
  if owner ~= '' then redis.call('ZREM', base .. 'o:' .. owner, member) end
end
local function enlist(now, base, member, owner, absolute, limit, ttl)
  if owner == '' then return end
  local index = base .. 'o:' .. owner
  redis.call('ZREMRANGEBYSCORE', index, '-inf', now)
  redis.call('ZADD', index, absolute, member)
  while redis.call('ZCARD', index) > tonumber(limit) do
    local first = redis.call('ZRANGE', index, 0, 1)
    local surplus = first[1] == member and first[2] or first[1]
    redis.call('ZREM', index, surplus)
    bury(base .. 's:' .. surplus, '')
  end
  if redis.call('PTTL', index) < tonumber(ttl) then redis.call('PEXPIRE', index, ttl) end
end
)lua";

// Ends the session of KEYS[1] for good if it has the expected version. A function for two scripts.
const std::string retiring = common + R"lua(
local function retire(now, base, member, id, expected)
  local v = redis.call('GET', KEYS[1])
  if v == 'x' .. id then return 'committed' end
  if not is_live(v, now) then return 'gone' end
  if string.sub(v, 2, 9) ~= expected then return {v} end
  unlist(v, base, member)
  bury(KEYS[1], id)
  return nil, v
end
)lua";

}  // namespace

session_scripts::session_scripts()
    : insert(common + R"lua(
local now, base, member, id, version, times, contents, ttl = unpack(ARGV, 1, 8)
local value = '\1' .. version .. times .. id .. string.rep('\0', 56) .. contents
if not redis.call('SET', KEYS[1], value, 'PX', ttl, 'NX') then
  local v = redis.call('GET', KEYS[1])
  return is_session(v) and string.sub(v, 30, 37) == id and 'committed' or 'gone'
end
enlist(now, base, member, unpack(ARGV, 9, 12))
return 'committed'
)lua"),
      replace(common + R"lua(
local now, id, expected, version, times, contents, ttl = unpack(ARGV)
local v = redis.call('GET', KEYS[1])
if not is_live(v, tonumber(now)) then return 'gone' end
if string.sub(v, 2, 9) ~= expected then
  local at = 30 + 8 * (number(v, 2, 8) - number(expected, 1, 8) - 1)
  if at >= 30 and at < 94 and string.sub(v, at, at + 7) == id then return 'committed' end
  return {v}
end
local owner_end = 95 + number(contents, 1, 2)
if string.sub(v, 94, owner_end) ~= string.sub(contents, 1, owner_end - 93) then return 'owner' end
redis.call('SET', KEYS[1],
           '\1' .. version .. times .. id .. string.sub(v, 30, 85) .. contents, 'PX', ttl)
return 'committed'
)lua"),
      rename(retiring + R"lua(
local now, base, member, id, version, times, contents, ttl = unpack(ARGV, 1, 8)
local outcome, v = retire(tonumber(now), base, ARGV[13], id, ARGV[14])
if outcome then return outcome end
redis.call('SET', KEYS[2],
           '\1' .. version .. times .. id .. string.sub(v, 30, 85) .. contents, 'PX', ttl)
enlist(now, base, member, unpack(ARGV, 9, 12))
return 'committed'
)lua"),
      retire(retiring + R"lua(
local now, base, member, id, expected = unpack(ARGV)
return (retire(tonumber(now), base, member, id, expected)) or 'committed'
)lua"),
      confirm(common + R"lua(
local now, id, ttl = unpack(ARGV)
local v = redis.call('GET', KEYS[1])
if v and string.sub(v, 1, 1) == 'x' then return 'committed' end
if not is_live(v, tonumber(now)) or string.sub(v, 30, 37) ~= id then return 'lapsed' end
redis.call('PEXPIRE', KEYS[1], ttl)
return 'committed'
)lua"),
      touch(common + R"lua(
local now, used, idle, ttl = unpack(ARGV)
local v = redis.call('GET', KEYS[1])
if not is_live(v, tonumber(now)) then return 'gone' end
if number(idle, 1, 5) > number(v, 25, 5) then idle = string.sub(v, 25, 29) end
redis.call('SET', KEYS[1], string.sub(v, 1, 14) .. used .. idle .. string.sub(v, 25), 'PX', ttl)
return 'committed'
)lua"),
      erase(common + R"lua(
local base, member = unpack(ARGV)
local v = redis.call('GET', KEYS[1])
if is_session(v) then
  unlist(v, base, member)
  bury(KEYS[1], '')
end
return 'committed'
)lua"),
      list(common + R"lua(
local now, base, owner = unpack(ARGV)
local found = {}
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local v = redis.call('GET', base .. 's:' .. member)
  if is_live(v, tonumber(now)) and owner_of(v) == owner then
    local label = 96 + #owner
    found[#found + 1] = member
    found[#found + 1] = string.sub(v, 10, 29)
    found[#found + 1] = string.sub(v, label + 2, label + 1 + number(v, label, 2))
  elseif not v or string.sub(v, 1, 1) == 'x' then
    redis.call('ZREM', KEYS[1], member)
  end
end
return found
)lua"),
      end(common + R"lua(
local base, handle = unpack(ARGV)
local ended = 0
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(member, 1, #handle) == handle then
    bury(base .. 's:' .. member, '')
    ended = ended + redis.call('ZREM', KEYS[1], member)
  end
end
return ended
)lua"),
      end_all(common + R"lua(
local base, spared = unpack(ARGV)
local ended = 0
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if member ~= spared then
    bury(base .. 's:' .. member, '')
    ended = ended + redis.call('ZREM', KEYS[1], member)
  end
end
return ended
)lua") {}

}  // namespace cloakroom::redis
