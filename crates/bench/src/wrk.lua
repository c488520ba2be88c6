-- Reads requests from a file, one per line: METHOD PATH [BODY].
-- Arguments: the file; "random", or "turn" for one after the other in a loop; the number of threads.
local started = 0

function setup(thread)
  thread:set("number", started)
  started = started + 1
end

function init(arguments)
  local file, order, threads = arguments[1], arguments[2], tonumber(arguments[3])
  requests = {}
  for line in io.lines(file) do
    local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
    local headers = {}
    for name, value in pairs(wrk.headers) do headers[name] = value end
    if body == "" then body = nil else headers["Content-Type"] = "application/json" end
    requests[#requests + 1] = wrk.format(method, path, headers, body)
  end
  if order == "random" then
    math.randomseed(number + 1)
    request = function() return requests[math.random(#requests)] end
  else
    local place = number - threads
    request = function()
      place = place + threads
      return requests[place % #requests + 1]
    end
  end
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format('\nRESULT {"requests":%d,"micros":%d,"p50":%d,"p99":%d,"max":%d,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
