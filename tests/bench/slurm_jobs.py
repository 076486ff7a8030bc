#!/usr/bin/env python3
"""The same trivial jobs by plain sbatch and by batchai-server --engine slurm, on a private Slurm of 3 nodes with 32 CPUs
each, one after the other in the same run: without a sandbox, which jobs of sbatch do not have either, and with one, as
the service is by default. The exit status is 0 where both keep the bound. `--folder` says where all keep their files:
some file systems take long to make a file where many have just been removed. See docs/performance.md."""
import argparse
import concurrent.futures
import contextlib
import pathlib
import statistics
import sys
import tempfile
import time

sys.dont_write_bytecode = True

from whole.service import Service, eventually, manual
from whole.slurm_cluster import SlurmCluster

# Together about as many nodes as there are jobs: how many run at a time, Slurm says.
CLUSTERS, LARGEST = 2, 96
BETWEEN_LOOKS = 0.1
# What is compared with sbatch, and the service's setting for it.
KINDS = {"without a sandbox": "none", "with one": "auto"}
MOST = 1.3


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="folder of the built programs")
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=4, help="submissions at a time")
    parser.add_argument("--folder", default=tempfile.gettempdir(), help="where all keep their files")
    options = parser.parse_args()
    options.bin = options.bin.resolve()
    return options


def by_sbatch(slurm, options):
    """Seconds until all have ended."""
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.clients) as clients:
        ids = list(clients.map(lambda _: slurm.run("sbatch", "--parsable", "-n1", "-o", "/dev/null", "--wrap", "true").strip(),
                               range(options.jobs)))
    eventually(lambda: not slurm.run("squeue", "-h", "-o", "%i"), 300, BETWEEN_LOOKS)
    seconds = time.monotonic() - began
    completed = slurm.run("squeue", "-h", "-t", "completed", "-o", "%i").split()
    if not set(ids) <= set(completed):
        sys.exit("jobs of sbatch have not completed")
    return seconds


def by_service(service, options, number):
    service.make_experiment(f"r{number}")
    bodies = [service.job_body(f"c{i}", "true") for i in range(CLUSTERS)]
    began = time.monotonic()

    def submit(count):
        service.client.arm("PUT", service.job(f"j{count}", f"r{number}"), bodies[count % CLUSTERS])

    with concurrent.futures.ThreadPoolExecutor(options.clients) as clients:
        list(clients.map(submit, range(options.jobs)))
    # Both sides are asked for one thing that says whether any job is left.
    left = f"{service.workspace}/jobs?executionState=queued,running&maxresults=1"
    eventually(lambda: not service.client.arm("GET", left)["value"], 300, BETWEEN_LOOKS)
    seconds = time.monotonic() - began
    states = [job["properties"]["executionState"] for job in service.jobs(f"r{number}")]
    failed = [state for state in states if state != "succeeded"]
    if failed:
        sys.exit(f"{len(failed)} jobs have not succeeded")
    return seconds


@contextlib.contextmanager
def running_service(options, slurm, folder, isolation):
    config = {"engine": "slurm", "isolation": isolation, "slurm": {"exclusive": False, "cpus": "1", "config": slurm.config}}
    with Service(options.bin, folder, config) as service:
        service.client.sign_in()
        service.prepare()
        for i in range(CLUSTERS):
            service.make_cluster(f"c{i}", manual(LARGEST))
            eventually(lambda: service.idle_nodes(f"c{i}") == LARGEST, 60, 0.05)
        yield service


def main():
    options = parse()
    tempfile.tempdir = options.folder
    plain, ours = [], {kind: [] for kind in KINDS}
    with tempfile.TemporaryDirectory(prefix="batchai-slurm-jobs.") as folder, SlurmCluster() as slurm, \
            contextlib.ExitStack() as running:
        services = {kind: running.enter_context(running_service(options, slurm, pathlib.Path(folder) / isolation, isolation))
                    for kind, isolation in KINDS.items()}
        for number in range(options.rounds):
            plain.append(by_sbatch(slurm, options))
            for kind, service in services.items():
                ours[kind].append(by_service(service, options, number))
            print(f"{options.jobs} jobs: sbatch {plain[-1]:.2f} s, batchai-server " +
                  ", ".join(f"{kind} {times[-1]:.2f} s ({times[-1] / plain[-1]:.2f})" for kind, times in ours.items()),
                  flush=True)
    base = statistics.median(plain)
    ratios = {kind: statistics.median(times) / base for kind, times in ours.items()}
    print(f"medians: sbatch {base:.2f} s, batchai-server " +
          ", ".join(f"{kind} {statistics.median(ours[kind]):.2f} s, ratio {ratio:.2f}" for kind, ratio in ratios.items()))
    return 0 if max(ratios.values()) <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
