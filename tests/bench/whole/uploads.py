"""Uploads at full rate, and the memory of the service after them."""
import sys
import time

from .load import wrk
from .service import Service
from .table import ALONE, Row

MIB = 1024 * 1024


def rows(_options):
    return [Row("memory 10 s after uploads", "MiB", "the same before", "≤ 40 MiB", lambda row: row.last() <= 40),
            Row("uploads of ranges of 4 MiB, 4 clients", "MiB/s", rate=True)]


def measure(options, memory, rate):
    with Service(options.bin, options.folder / "uploads") as service:
        service.prepare()
        before = service.memory()
        path = service.client.file_path("share", "big")
        make_file(service.client, path, 256 * MIB)
        seconds = 2 if options.quick else 10
        requests = wrk("put_range.lua", service.client.endpoints["filesEndpoint"], 4, seconds, {"PUT_PATH": path})
        rate.add(ALONE, 4 * requests)
        print(f"   {rate.last() * seconds / 1024:.1f} GiB, then {service.memory():.0f} MiB", file=sys.stderr)
        time.sleep(10)
        memory.add(ALONE, service.memory(), before)


def make_file(client, path, size):
    headers = {"x-ms-type": "file", "x-ms-version": "2020-04-08", "x-ms-content-length": str(size),
               "Content-Length": "0"}
    status, answer = client.send("PUT", path, headers=headers, endpoint="filesEndpoint")
    if status != 201:
        raise RuntimeError(f"create of a file: {status} {answer!r}")
