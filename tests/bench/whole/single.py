"""What does not depend on the number of waiting jobs: uploads, sweeps, followers."""
import concurrent.futures
import itertools
import json
import subprocess
import sys
import threading
import time
import urllib.parse

from . import peers
from .load import EMPTY, submit, wrk
from .service import GROUP, Service, eventually, manual
from .slurm import Slurm
from .table import ALONE, Row

MIB = 1024 * 1024


def uploads(options):
    """Memory ten seconds after uploads at full rate."""
    row = Row("memory 10 s after uploads", "MiB", "the same before", "≤ 40 MiB", lambda row: row.last() <= 40)
    rate = Row("bare uploads of 4 MiB", "MiB/s", rate=True)
    with Service(options.bin, options.folder / "uploads") as service:
        service.prepare()
        before = service.memory()
        path = service.client.file_path("share", "big")
        status, answer = service.client.send("PUT", path, headers={
            "x-ms-type": "file", "x-ms-version": "2020-04-08", "x-ms-content-length": str(256 * MIB), "Content-Length": "0"},
            endpoint="filesEndpoint")
        if status != 201:
            raise RuntimeError(f"create of a file: {status} {answer!r}")
        seconds = 2 if options.quick else 8
        rate.add(ALONE, 4 * wrk("put_range.lua", service.client.endpoints["filesEndpoint"], 4, seconds, {"PUT_PATH": path}))
        print(f"   {rate.last() * seconds / 1024:.1f} GiB, then {service.memory():.0f} MiB", file=sys.stderr)
        time.sleep(10)
        row.add(ALONE, service.memory(), before)
    return [row, rate]


def processes(options):
    """Submissions by a process each, as people's scripts do it."""
    row = Row("submissions by a process each, 16 at a time", "1/s", "sbatch", rate=True)
    seconds = 2 if options.quick else 5
    with Service(options.bin, options.folder / "processes") as service:
        service.prepare()
        service.make_cluster(EMPTY, manual(0))
        job = service.folder / "job.json"
        job.write_text(json.dumps(service.job_body(EMPTY, "true")))
        command = [options.bin / "batchai", "job", "create", "-g", GROUP, "-w", "w", "-e", "e", "-c", EMPTY, "-f", job,
                   "-o", "none", "-n"]
        mine = _in_parallel(lambda number: command + [f"p{number}"], service.client_environment(), seconds)
    try:
        with Slurm(options.folder) as slurm:
            row.add(ALONE, mine, _in_parallel(lambda _: slurm.command(), slurm.environment, seconds))
    except peers.Missing as missing:
        row.add(ALONE, mine)
        row.peer = f"{missing} (not installed)"
    return [row]


def _in_parallel(command, environment, seconds):
    """Processes per second, 16 at a time; `command(number)` is one of them. Raises CalledProcessError if one fails."""
    until = time.monotonic() + seconds
    numbers = itertools.count()

    def run_some(_):
        done = 0
        while time.monotonic() < until:
            subprocess.run(command(next(numbers)), env=environment, stdout=subprocess.DEVNULL, check=True)
            done += 1
        return done

    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        done = sum(pool.map(run_some, range(16)))
    return done / (time.monotonic() - began)


def sweep(options):
    """Short jobs behind one that holds all nodes until the queue is complete."""
    count = options.sweep
    rate = Row(f"sweep of {count:,} jobs of 0.1 s on 100 nodes", "1/s", "engine alone", rate=True)
    even = Row("the same: last tenth", "1/s", "first tenth", "≥ 0.83 ×", lambda row: row.ratio(ALONE) >= 1 / 1.2, rate=True)
    with Service(options.bin, options.folder / "sweep") as service:
        service.prepare()
        service.make_cluster("hundred", manual(100))
        eventually(lambda: service.idle_nodes("hundred") == 100, 120, 0.05)
        ends, release = service.folder / "ends", service.folder / "release"
        ends.touch()
        service.submit("hold", "hundred", f"until [ -e {release} ] || [ ! -e {ends} ]; do sleep 0.05; done", nodes=100)
        submit(service, "sweep", count, 600, f"sleep 0.1; date +%s%N >> {ends}", "hundred")
        release.touch()
        eventually(lambda: ends.read_bytes().count(b"\n") >= count, 60 + count / 4, 0.1)
        moments = sorted(int(line) / 1e9 for line in ends.read_text().split())
        tenth = count // 10
        try:
            bare = peers.bare_supervisors(options.bin, service.folder, min(count, 1000))
        except peers.Missing as missing:
            bare = None
            rate.peer = f"{missing} is not there"
        rate.add(ALONE, (len(moments) - 1) / (moments[-1] - moments[0]), bare)
        even.add(ALONE, (tenth - 1) / (moments[-1] - moments[-tenth]), (tenth - 1) / (moments[tenth - 1] - moments[0]))
    return [rate, even]


def followers(options):
    """Reads of the service while one, and then many, follow the output of a job."""
    many, seconds = (50, 5) if options.quick else (500, 10)
    disk = Row(f"disk reads, {many} followers", "KiB/s", "one follower", "as one", _about_one)
    all_reads = Row(f"reads with those from the page cache, {many} followers", "KiB/s", "one follower")
    with Service(options.bin, options.folder / "followers") as service:
        service.prepare()
        service.make_cluster("one", manual(1))
        lines = int((2 * seconds + 30) / 0.05)
        service.submit("talk", "one", f"for ((i = 0; i < {lines}; i++)); do printf '%01000d\\n' $i; sleep 0.05; done")
        file = eventually(lambda: _output_file(service), 60, 0.05)
        few_reads = _read_while(service, file, 1, seconds)
        many_reads = _read_while(service, file, many, seconds)
        service.client.arm("POST", service.job("talk") + "/terminate")
        eventually(lambda: service.job_state("talk") == "failed", 30, 0.05)
    disk.add(ALONE, many_reads["read_bytes"] / 1024 / seconds, few_reads["read_bytes"] / 1024 / seconds)
    all_reads.add(ALONE, many_reads["rchar"] / 1024 / seconds, few_reads["rchar"] / 1024 / seconds)
    return [disk, all_reads]


def _about_one(row):
    """Within 20 %, and what one page costs."""
    return row.figures[ALONE] <= 1.2 * row.peers.get(ALONE, 0) + 4


def _output_file(service):
    """Path of the job's standard output on the files port, once it is there."""
    found = service.client.arm("POST", service.job("talk") + "/listOutputFiles?outputdirectoryid=stdouterr")["value"]
    urls = [file["downloadUrl"] for file in found if file["name"] == "stdout.txt"]
    return urllib.parse.urlparse(urls[0])._replace(scheme="", netloc="").geturl() if urls else None


def _read_while(service, file, count, seconds):
    """What the service reads while `count` clients ask for what is new, once a second each, as `job file stream` does."""
    begin = threading.Barrier(count + 1)
    end = threading.Event()
    threads = [threading.Thread(target=_follow, args=(service, file, begin, end, number / count)) for number in range(count)]
    for thread in threads:
        thread.start()
    begin.wait()
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
    begin.wait()
    end.wait(delay)
    while not end.wait(1):
        status, content = service.client.send("GET", file, headers={"x-ms-range": f"bytes={offset}-"},
                                              endpoint="filesEndpoint")
        offset += len(content) if status == 206 else 0
