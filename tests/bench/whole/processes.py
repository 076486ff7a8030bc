"""Submissions by a process each, as scripts make them."""
import concurrent.futures
import itertools
import json
import subprocess
import time

from . import peers
from .load import EMPTY
from .service import Service, manual
from .slurm import Slurm
from .table import ALONE, Row


def rows(_options):
    return [Row("submissions by a curl each, 16 at a time", "1/s", "sbatch", rate=True)]


def measure(options, row):
    seconds = 2 if options.quick else 5
    with Service(options.bin, options.folder / "processes") as service:
        service.prepare()
        service.make_cluster(EMPTY, manual(0))
        command = _curl(service)
        url = f"{service.client.endpoints['managementEndpoint']}{service.experiment()}/jobs/j%d?api-version=2018-05-01"
        row.add(ALONE, _in_parallel(lambda number: command + [url % number], None, seconds))
    try:
        with Slurm(options.folder) as slurm:
            row.add(ALONE, row.last(), _in_parallel(lambda _: slurm.command(), slurm.environment, seconds))
    except peers.Missing as missing:
        row.peer = f"{missing} (not installed)"


def _curl(service):
    """All but the URL; the token is in a file that only its owner reads."""
    job, head = service.folder / "job.json", service.folder / "head"
    job.write_text(json.dumps(service.job_body(EMPTY, "true")))
    head.touch(mode=0o600)
    head.write_text(f"Authorization: Bearer {service.client.token}\nContent-Type: application/json\n")
    return ["curl", "--silent", "--fail", "--cacert", service.client.endpoints["caBundle"], "--header", f"@{head}",
            "--upload-file", job]


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
