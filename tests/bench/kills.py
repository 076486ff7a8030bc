#!/usr/bin/env python3
"""Kills the service again and again (SIGKILL) while clients submit jobs at full rate, and checks that every submission
that was answered is there and has run exactly once. See docs/performance.md.

Each client has one connection and submits one job after the other. Every twentieth job goes to a cluster with nodes and
appends its name to a file; the others go to a cluster of no nodes and wait. What was not answered before a kill is not
repeated: it may exist or not, and runs at most once. Every fourth time the service is also killed while it starts."""
import argparse
import collections
import concurrent.futures
import contextlib
import json
import pathlib
import random
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.dont_write_bytecode = True

from whole.load import EMPTY
from whole.service import ENDED, Service, eventually, manual
from whole.slurm_cluster import SlurmCluster

NODES = 8
# Experiments of the jobs that run and of those that wait.
RUNNING, WAITING = "running", "waiting"


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="folder of the built programs")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--run-every", type=int, default=20,
                        help="one job of so many runs, the others wait (default: 20)")
    parser.add_argument("--engine", choices=("local", "slurm"), default="local",
                        help="slurm: a private cluster, whose controller is killed and started again, too")
    parser.add_argument("--seed", type=int, default=None, help="for the moments of the kills; printed")
    options = parser.parse_args()
    options.bin = options.bin.resolve()
    options.seed = random.randrange(2 ** 32) if options.seed is None else options.seed
    return options


class Submitted:
    """Names of jobs by what the clients heard of them, and the answers that nobody expects."""

    def __init__(self):
        self.acknowledged, self.unanswered, self.refusals = set(), set(), []

    def add(self, other):
        self.acknowledged |= other.acknowledged
        self.unanswered |= other.unanswered
        self.refusals += other.refusals


def submit_until_killed(endpoints, token, prefix, run_every, targets):
    """One client, in a process of its own. `targets`: path of the collection and body for jobs that run, and for those
    that wait, with NAME in place of the job's name. Writes and reads HTTP by itself, as http.client takes longer over a
    request than the service."""
    submitted, number = Submitted(), 0
    try:
        with connect(endpoints) as connection, connection.makefile("rb") as answers:
            while True:
                number += 1
                name = f"{prefix}-{number}"
                path, body = targets[0 if number % run_every == 0 else 1]
                submitted.unanswered.add(name)
                connection.sendall(put(f"{path}/{name}", token, body.replace("NAME", name).encode()))
                status, answer = read_answer(answers)
                submitted.unanswered.remove(name)
                if 200 <= status < 300:
                    submitted.acknowledged.add(name)
                else:
                    submitted.refusals.append(f"{name}: {status} {answer[:200]!r}")
    except OSError:
        return submitted


def connect(endpoints):
    url = urllib.parse.urlparse(endpoints["managementEndpoint"])
    context = ssl.create_default_context(cafile=endpoints["caBundle"])
    return context.wrap_socket(socket.create_connection((url.hostname, url.port)), server_hostname=url.hostname)


def put(path, token, body):
    return (f"PUT {path}?api-version=2018-05-01 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode() + body


def read_answer(answers):
    """Status and body. Raises ConnectionError where the answer ends early."""
    lines = [answers.readline()]
    while lines[-1] not in (b"\r\n", b""):
        lines.append(answers.readline())
    length = next((int(line[15:]) for line in lines if line.lower().startswith(b"content-length:")), 0)
    body = answers.read(length)
    if lines[-1] == b"" or len(body) < length:
        raise ConnectionError("the answer ends early")
    return int(lines[0].split()[1]), body


class Trial:
    """A service, its clients, and what came of it."""

    def __init__(self, options, service, slurm=None):
        self.options, self.service, self.slurm = options, service, slurm
        self.chance = random.Random(options.seed)
        self.submitted, self.starts, self.rates, self.problems = Submitted(), [], [], []

    def run(self, clients):
        self._prepare()
        for number in range(self.options.kills):
            self._round(clients, number)
            time.sleep(self.chance.choice((0, 0, 0.3)))  # jobs end meanwhile, too
            if self.slurm and number % 5 == 4:
                self._kill_controller()
            if number % 4 == 3:
                self._kill_while_starting()
            self.service.start()
            self.starts.append(time.monotonic() - self.service.started)
            if number % 10 == 9:
                print(f"{number + 1} kills, {len(self.submitted.acknowledged):,} submissions answered", flush=True)
        self.problems += self.submitted.refusals
        began = time.monotonic()
        jobs = self._wait_for_ends()
        self.drained = time.monotonic() - began
        self._check(jobs, [job["name"] for job in self.service.jobs(WAITING)])

    @property
    def lines(self):
        """In the share, which jobs see in their sandboxes."""
        return self.service.data / "files" / self.service.client.endpoints["storageAccount"] / "share" / "lines"

    def _prepare(self):
        self.service.prepare()
        self.service.make_experiment(RUNNING)
        self.service.make_experiment(WAITING)
        self.service.make_cluster(EMPTY, manual(0))
        self.service.make_cluster("nodes", manual(NODES))
        eventually(lambda: self.service.idle_nodes("nodes") == NODES, 60, 0.05)

    def _round(self, clients, number):
        command = "echo NAME >> $AZ_BATCHAI_MOUNT_ROOT/share/lines; sleep 0.05"
        targets = [(self.service.experiment(RUNNING) + "/jobs", json.dumps(self.service.job_body("nodes", command))),
                   (self.service.experiment(WAITING) + "/jobs", json.dumps(self.service.job_body(EMPTY, "true")))]
        if self.service.client.token is None:
            self.service.client.sign_in()
        at_work = [clients.submit(submit_until_killed, self.service.client.endpoints, self.service.client.token,
                                  f"k{number}-c{client}", self.options.run_every, targets)
                   for client in range(self.options.clients)]
        seconds = self.chance.uniform(0.2, 2)
        time.sleep(seconds)
        self.service.kill()
        before = len(self.submitted.acknowledged)
        for client in at_work:
            self.submitted.add(client.result())
        self.rates.append((len(self.submitted.acknowledged) - before) / seconds)

    def _kill_while_starting(self):
        self.service.execute()
        time.sleep(self.chance.uniform(0.01, 0.3))
        self.service.kill()

    def _kill_controller(self):
        """It forgets what it has not saved yet: jobs that it took in the last seconds."""
        time.sleep(6)
        self.slurm.kill_controller()
        time.sleep(self.chance.uniform(0.1, 1))
        self.slurm.start_controller()

    def _wait_for_ends(self):
        """The jobs that run, by name, when all have ended or none has for a minute."""
        left, since = None, time.monotonic()
        while True:
            jobs = list(self.service.jobs(RUNNING))
            open_jobs = sum(job["properties"]["executionState"] not in ENDED for job in jobs)
            if open_jobs != left:
                left, since = open_jobs, time.monotonic()
            if open_jobs == 0 or time.monotonic() - since > (180 if self.slurm else 60):
                return jobs
            time.sleep(1)

    def _check(self, jobs, waiting):
        states = {job["name"]: job["properties"]["executionState"] for job in jobs}
        there = set(states) | set(waiting)
        times = collections.Counter(self.lines.read_text().split())
        self.ran = len(states)
        self._expect("is listed more than once", _more_than_once([job["name"] for job in jobs] + waiting))
        self._expect("was answered and is not there", self.submitted.acknowledged - there)
        self._expect("is there and was never submitted",
                     there - self.submitted.acknowledged - self.submitted.unanswered)
        self._expect("has not succeeded", {f"{name} ({state})" for name, state in states.items()
                                           if state != "succeeded"})
        self._expect("has not run", set(states) - set(times))
        self._expect("ran more than once", {name for name, count in times.items() if count > 1})
        self._expect("ran and is not there", set(times) - set(states))
        self.found = len(there & self.submitted.unanswered)
        self._check_what_is_left()

    def _check_what_is_left(self):
        runs = self.service.data / "runs"
        try:
            eventually(lambda: not self._runs_in(runs), 60, 0.2)
        except TimeoutError:
            self._expect("in runs/ was not released", self._runs_in(runs))
        self.service.stop()
        checked = subprocess.run([self.options.bin / "batchai-server", "--data-dir", self.service.data, "--check"],
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if checked.returncode != 0:
            self.problems.append(f"--check: {checked.stdout.strip()}")

    @staticmethod
    def _runs_in(runs):
        return {run.name for run in runs.iterdir() if not run.name.startswith(".")}

    def _expect(self, what, names):
        if names:
            some = ", ".join(sorted(names)[:5])
            self.problems.append(f"{len(names)} × {what}: {some}{' …' if len(names) > 5 else ''}")

    def print(self):
        submitted = self.submitted
        print(f"kills: {len(self.starts)}, {self.options.clients} clients, seed {self.options.seed}\n"
              f"submissions answered: {len(submitted.acknowledged):,}, "
              f"{statistics.median(self.rates):,.0f}/s (median of the rounds, at most {max(self.rates):,.0f}/s)\n"
              f"not answered: {len(submitted.unanswered):,}, of which {self.found:,} exist\n"
              f"run: {self.ran:,} jobs on {NODES} nodes; all had ended {self.drained:.0f} s after the last start\n"
              f"start after a kill until connections are accepted: median {statistics.median(self.starts):.3f} s, "
              f"at most {max(self.starts):.3f} s\n"
              f"violations: {len(self.problems)}")
        for problem in self.problems:
            print("  " + problem)


def _more_than_once(names):
    return {name for name, count in collections.Counter(names).items() if count > 1}


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    with tempfile.TemporaryDirectory(prefix="batchai-kills.", ignore_cleanup_errors=True) as folder, \
            concurrent.futures.ProcessPoolExecutor(options.clients) as clients, contextlib.ExitStack() as stack:
        slurm = stack.enter_context(SlurmCluster()) if options.engine == "slurm" else None
        config = slurm and {"engine": "slurm", "slurm": {"exclusive": False, "cpus": "1", "config": slurm.config}}
        with Service(options.bin, pathlib.Path(folder) / "service", config) as service:
            trial = Trial(options, service, slurm)
            trial.run(clients)
        trial.print()
    return 1 if trial.problems else 0


if __name__ == "__main__":
    sys.exit(main())
