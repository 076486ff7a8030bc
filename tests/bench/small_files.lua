-- wrk: makes files of 4 KiB in the folder at FOLDER_PATH, each by a Create File and a Put Range, under names that begin
-- with RUN. SIGNATURE is a shared access signature for the share. A file is written only when the answer to its creation
-- must have come: with 16 connections, 64 files after it has been created.
local behind, n, created, written = 64, 0, 0, 0
local body = string.rep("x", 4096)

function init()
  folder, signature, run = os.getenv("FOLDER_PATH"), os.getenv("SIGNATURE"), os.getenv("RUN")
end

local function path(number)
  return folder .. "/" .. run .. string.format("%08d", number) .. "?" .. signature
end

function request()
  n = n + 1
  if n % 2 == 1 or created - written <= behind then
    created = created + 1
    return wrk.format("PUT", path(created), { ["x-ms-version"] = "2020-04-08", ["x-ms-type"] = "file",
                                              ["x-ms-content-length"] = "4096" }, "")
  end
  written = written + 1
  return wrk.format("PUT", path(written) .. "&comp=range",
                    { ["x-ms-version"] = "2020-04-08", ["x-ms-write"] = "update", ["x-ms-range"] = "bytes=0-4095" }, body)
end

-- wrk may take another request for one that it has not sent yet: a few files are then not there to be written.
local answers, missing = 0, 0

function response(status, _, text)
  answers = answers + 1
  missing = missing + (status == 404 and 1 or 0)
  if (status ~= 201 and status ~= 404) or missing > 32 + answers / 100 then
    io.stderr:write("small_files.lua: ", status, " ", text, "\n")
    os.exit(1)
  end
end
