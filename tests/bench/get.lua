-- wrk: asks for GET_PATH again and again, with the bearer token TOKEN.
function init()
  headers = { ["Authorization"] = "Bearer " .. os.getenv("TOKEN") }
  path = os.getenv("GET_PATH")
end

function request() return wrk.format("GET", path, headers) end

function response(status, _, text)
  if status ~= 200 then
    io.stderr:write("get.lua: ", status, " ", text, "\n")
    os.exit(1)
  end
end
