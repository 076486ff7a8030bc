-- wrk: creates jobs RUN-1, RUN-2, … and ends after COUNT of them, with a line as wrk's own. Environment: TOKEN, JOBS
-- (path of the collection), BODY, RUN, COUNT. One thread.
local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds, nanoseconds; } moment; int clock_gettime(int clock, moment *now);")

local id, answered, began = 0, 0, nil

local function now()
  local moment = ffi.new("moment")
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.seconds) + tonumber(moment.nanoseconds) / 1e9
end

function init()
  headers = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json" }
  path = os.getenv("JOBS") .. "/" .. os.getenv("RUN") .. "-"
  body, count = os.getenv("BODY"), tonumber(os.getenv("COUNT"))
end

function request()
  began = began or now()
  id = id + 1
  return wrk.format("PUT", path .. id .. "?api-version=2018-05-01", headers, body)
end

function response(status, _, text)
  if status ~= 200 and status ~= 202 then
    io.stderr:write("submit.lua: ", status, " ", text, "\n")
    os.exit(1)
  end
  answered = answered + 1
  if answered >= count then  -- wrk itself would wait for the end of its time
    print("Requests/sec: " .. string.format("%.2f", answered / (now() - began)))
    io.stdout:flush()
    os.exit(0)
  end
end
