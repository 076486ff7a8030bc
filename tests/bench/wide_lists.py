#!/usr/bin/env python3
"""Lists the jobs of many experiments by one command, and by a command for each experiment. See docs/performance.md.

Starts the service in a temporary folder, makes experiments with jobs that have ended (rows are copied while it is
stopped), and prints a table for that page."""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

from whole.copy_rows import copy_jobs
from whole.service import ENDED, GROUP, Service, eventually, manual

LOOP = """
batchai=$1
"$batchai" workspace list --query '[].[resourceGroup, name]' -o tsv | while read -r group workspace; do
  "$batchai" experiment list -g "$group" -w "$workspace" --query '[].name' -o tsv | while read -r experiment; do
    "$batchai" job list -g "$group" -w "$workspace" -e "$experiment"
  done
done
"""


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="folder of the programs")
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--experiments", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    options.bin = options.bin.resolve()
    return options


def fill(service, options):
    service.prepare()
    service.make_cluster("one", manual(4))
    names = [f"e{number}" for number in range(options.experiments)]
    for name in names:
        service.make_experiment(name)
        for job in (f"{name}x-a", f"{name}x-b"):
            service.client.arm("PUT", service.job(job, name), service.job_body("one", "true"))
    last = service.job(f"{names[-1]}x-b", names[-1])
    eventually(lambda: service.client.arm("GET", last)["properties"]["executionState"] in ENDED, 600, 0.1)
    service.stop()
    for name in names:
        copy_jobs(service.data / "batchai.db", options.jobs // options.experiments - 2, f"{name}x")
    service.start()


def bare_loop(service):
    """All lists over one connection."""
    listed = 0
    for experiment in service.client.arm("GET", service.workspace + "/experiments")["value"]:
        listed += len(service.client.arm("GET", experiment["id"] + "/jobs")["value"])
    return listed


def seconds(options, work):
    took = []
    for _ in range(options.rounds):
        begin = time.monotonic()
        work()
        took.append(time.monotonic() - begin)
    return statistics.median(took)


def command(environment, *words):
    return lambda: subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, check=True)


def measure(options, folder):
    with Service(options.bin, folder) as service:
        fill(service, options)
        environment = service.environment()
        batchai = str(options.bin / "batchai")
        listed = subprocess.run([batchai, "job", "list", "-A", "--query", "length(@)"], env=environment, check=True,
                                capture_output=True, text=True).stdout.strip()
        print(f"{listed} jobs, {bare_loop(service)} by the loop; load average {os.getloadavg()[0]:.1f}", file=sys.stderr)
        for what, work in {
                "`job list -A`, as JSON": command(environment, batchai, "job", "list", "-A"),
                "`job list` for each experiment, in a loop of the shell":
                    command(environment, "bash", "-c", LOOP, "loop", batchai),
                "the same requests over one connection, without printing": lambda: bare_loop(service),
                "`job list -A --top 20`": command(environment, batchai, "job", "list", "-A", "--top", "20"),
                "`job list -A --state running,queued`, of which there are none":
                    command(environment, batchai, "job", "list", "-A", "--state", "running,queued"),
                "`status`": command(environment, batchai, "status")}.items():
            print(f"| {what} | {1000 * seconds(options, work):,.0f} |", flush=True)


def main():
    options = parse()
    print("| what | ms |\n|---|---:|")
    with tempfile.TemporaryDirectory() as folder:
        measure(options, pathlib.Path(folder) / "wide-lists")


if __name__ == "__main__":
    main()
