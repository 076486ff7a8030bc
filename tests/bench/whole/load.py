"""Load by wrk, and filling a service with waiting jobs."""
import json
import os
import pathlib
import re
import subprocess
import sys

from .copy_rows import copy_jobs

SCRIPTS = pathlib.Path(__file__).parent.parent
# Cluster of no nodes, whose jobs wait.
EMPTY = "empty"


def wrk(script, endpoint, clients, seconds, variables):
    """Requests per second."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "60s", "-s", str(SCRIPTS / script), endpoint]
    done = subprocess.run(command, env={**os.environ, **variables}, stdout=subprocess.PIPE, text=True, check=True)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))


def submit(service, run, count, seconds, command="true", cluster=EMPTY):
    """16 clients submit jobs until there are `count`, or the time is over. Submissions per second."""
    body = json.dumps(service.job_body(cluster, command))
    return wrk("submit.lua", service.client.endpoints["managementEndpoint"], 16, seconds,
               {"TOKEN": service.client.token, "JOBS": service.experiment() + "/jobs", "BODY": body, "RUN": run,
                "COUNT": str(count)})


def gets(service, path, clients, seconds):
    """GETs of `path` per second."""
    return wrk("get.lua", service.client.endpoints["managementEndpoint"], clients, seconds,
               {"TOKEN": service.client.token, "GET_PATH": path})


def fill(service, count, patience):
    """Lets `count` jobs wait on EMPTY: submits them, or, when that would take longer than `patience` seconds, copies
    the rows of one in the database of the stopped service."""
    for name in ("template-a", "template-b"):
        service.submit(name, EMPTY, "true")
    tried = min(count, 500) - 2
    rate = submit(service, "waiting", tried, 30)
    left = count - tried - 2
    if left <= 0:
        return
    if left / rate <= patience:
        submit(service, "more", left, 3 * patience)
        return
    print(f"   {rate:.0f} submissions/s: copying rows for {left} jobs", file=sys.stderr)
    service.stop()
    copy_jobs(service.data / "batchai.db", left)
    service.start()
