-- wrk: writes 4 MiB ranges over and over into the 256 MiB file at PUT_PATH, which holds a shared access signature.
-- All offsets have nine digits: wrk may take another request for one that it has begun to write, and then their lengths
-- must not differ.
local piece, first, pieces, n = 4 * 1024 * 1024, 100 * 1024 * 1024, 39, 0
local body = string.rep("x", piece)

function init() path = os.getenv("PUT_PATH") .. "&comp=range" end

function request()
  local from = first + (n % pieces) * piece
  n = n + 1
  local headers = { ["x-ms-version"] = "2020-04-08", ["x-ms-write"] = "update",
                    ["x-ms-range"] = "bytes=" .. from .. "-" .. (from + piece - 1) }
  return wrk.format("PUT", path, headers, body)
end

function response(status, _, text)
  if status ~= 201 then
    io.stderr:write("put_range.lua: ", status, " ", text, "\n")
    os.exit(1)
  end
end
