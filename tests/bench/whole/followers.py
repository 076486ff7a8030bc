"""Reads of the service while one client, and then many, follow the output of a job."""
import threading
import time
import urllib.parse

from .service import ENDED, Service, eventually, manual
from .table import ALONE, Row


def _many(options):
    return 50 if options.quick else 500


def rows(options):
    return [Row(f"disk reads, {_many(options)} followers", "KiB/s", "one follower", "as one", _about_one),
            Row(f"reads with those from the page cache, {_many(options)} followers", "KiB/s", "one follower")]


def measure(options, disk, cached):
    seconds = 5 if options.quick else 10
    with Service(options.bin, options.folder / "followers") as service:
        service.prepare()
        service.make_cluster("one", manual(1))
        lines = int((2 * seconds + 60) / 0.05)
        service.submit("talk", "one", f"for ((i = 0; i < {lines}; i++)); do printf '%01000d\\n' $i; sleep 0.05; done")
        file = eventually(lambda: _output_file(service), 60, 0.05)
        one = _read_while(service, file, 1, seconds)
        many = _read_while(service, file, _many(options), seconds)
        service.client.arm("POST", service.job("talk") + "/terminate")
        eventually(lambda: service.job_state("talk") in ENDED, 30, 0.05)
    for row, name in ((disk, "read_bytes"), (cached, "rchar")):
        row.add(ALONE, many[name] / 1024 / seconds, one[name] / 1024 / seconds)


def _about_one(row):
    """Within 20 %, and what a page costs."""
    return row.last() <= 1.2 * row.peers.get(ALONE, 0) + 4


def _output_file(service):
    """Path of the job's standard output on the files port, once it is there."""
    found = service.client.arm("POST", service.job("talk") + "/listOutputFiles?outputdirectoryid=stdouterr")["value"]
    urls = [file["downloadUrl"] for file in found if file["name"] == "stdout.txt"]
    return urllib.parse.urlparse(urls[0])._replace(scheme="", netloc="").geturl() if urls else None


def _read_while(service, file, count, seconds):
    """What the service reads while `count` clients ask for what is new, each once a second, as `job file stream` does.
    """
    begin, end = threading.Barrier(count + 1), threading.Event()
    threads = [threading.Thread(target=_follow, args=(service, file, begin, end, number / count), daemon=True)
               for number in range(count)]
    for thread in threads:
        thread.start()
    begin.wait(120)
    before = service.io()
    time.sleep(seconds)
    after = service.io()
    end.set()
    for thread in threads:
        thread.join()
    return {name: after[name] - before[name] for name in after}


def _follow(service, file, begin, end, delay):
    _, content = service.client.send("GET", file, endpoint="filesEndpoint")
    offset = len(content)
    begin.wait(120)
    end.wait(delay)
    while not end.wait(1):
        status, content = service.client.send("GET", file, headers={"x-ms-range": f"bytes={offset}-"},
                                              endpoint="filesEndpoint")
        offset += len(content) if status == 206 else 0
