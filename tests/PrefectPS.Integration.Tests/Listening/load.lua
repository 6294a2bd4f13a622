-- Requests of every kind, one after the other; at the end, how often each status was answered.
local secret = { ["X-PrefectPS-Secret"] = "of the caller" }
local replayed = '{"version": 1, "flow": {"name": "listened"}, "run": {"id": "replayed", "step": 0}, "tasks": []}'
local threads = {}

function setup(thread) table.insert(threads, thread) end

function init()
  sent, tally, text = 0, {}, ""
  kinds = {
    wrk.format("GET", "/healthz"),                                     -- 200
    wrk.format("GET", "/"),                                            -- 405
    wrk.format("POST", "/", {}, replayed),                             -- 401
    wrk.format("POST", "/", { ["X-PrefectPS-Secret"] = "other" }, ""), -- 401
    wrk.format("POST", "/", secret, "{ not json"),                     -- 400, or 503 while a step runs
    wrk.format("POST", "/", secret, string.rep("x", 150000)),          -- 413
    wrk.format("POST", "/", secret, replayed),                         -- 204, or 503 while a step runs
    wrk.format("POST", "/", secret, "[]"),                             -- 204, or 503 while a step runs
  }
end

function request()
  sent = sent + 1
  return kinds[sent % #kinds + 1]
end

function response(status)
  tally[status] = (tally[status] or 0) + 1
  text = ""
  for each, count in pairs(tally) do text = text .. each .. "=" .. count .. " " end
end

function done()
  for _, thread in ipairs(threads) do print("TALLY " .. thread:get("text")) end
end
