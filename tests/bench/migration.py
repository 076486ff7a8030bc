#!/usr/bin/env python3
"""Lets a new version of the service migrate a large database of an old one, and compares what both answer, byte for
byte. Also kills the new one in the middle of the migration (SIGKILL) and checks that the next start completes it. See
docs/performance.md.

The old version runs jobs that end in different ways; their rows are copied while it is stopped. Lists, jobs, clusters,
usages and pages of the API are asked for by the same programs before and after. What differs from one request to the
next is not compared: ports, the headers that name a request and its time, expiry and signature of download URLs."""
import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True

from whole.copy_rows import copy_jobs
from whole.load import EMPTY
from whole.service import ENDED, GROUP, Service, eventually, manual

# Command of each template; `stops` is terminated.
COMMANDS = {"succeeds": "true", "fails": "exit 3", "stops": "sleep 600", "waits": "true"}
LIST = "job list of all jobs"
# What is of one request or one moment: lines of the head of an answer, fields of download URLs.
PASSING_HEADER = re.compile(rb"(date|[a-z-]*request-id|x-ms-ratelimit-[a-z-]*):", re.IGNORECASE)
PASSING_FIELD = re.compile(rb"(?<=&)(se|sig)=[A-Za-z0-9%-]*")


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--old-bin", type=pathlib.Path, required=True, help="folder of the old programs")
    parser.add_argument("--new-bin", type=pathlib.Path, required=True, help="folder of the new programs")
    parser.add_argument("--jobs", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=5, help="in the middle of a migration (default: 5)")
    options = parser.parse_args()
    options.old_bin, options.new_bin = options.old_bin.resolve(), options.new_bin.resolve()
    return options


# What a database holds.

def make_old(service, count):
    """Jobs of all kinds in the experiment `e`, and a few in another one."""
    service.prepare()
    service.make_experiment("other")
    service.make_cluster(EMPTY, manual(0))
    service.make_cluster("nodes", manual(2))
    eventually(lambda: service.idle_nodes("nodes") == 2, 60, 0.05)
    for kind, command in COMMANDS.items():
        for template in ("a", "b"):
            service.submit(f"{kind}-{template}", EMPTY if kind == "waits" else "nodes", command)
    for template in ("stops-a", "stops-b"):
        eventually(lambda: service.job_state(template) == "running", 60, 0.05)
        service.client.arm("POST", service.job(template) + "/terminate")
    eventually(lambda: all(service.job_state(f"{kind}-{template}") in ENDED for kind in ("succeeds", "fails", "stops")
                           for template in ("a", "b")), 60, 0.05)
    service.client.arm("PUT", service.job("other-job", "other"), service.job_body(EMPTY, "true"))
    eventually(lambda: not any((service.data / "runs").iterdir()), 60, 0.05)
    service.stop()
    done = len(COMMANDS) * 2 + 1
    for number, kind in enumerate(COMMANDS):
        copy_jobs(service.data / "batchai.db", (count - done + number) // len(COMMANDS), kind)


def content(database):
    """Version of the schema, number of jobs, and a digest of all documents. Raises RuntimeError where SQLite finds
    damage."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        found = connection.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise RuntimeError(f"{database}: {found}")
        return (connection.execute("PRAGMA user_version").fetchone()[0],
                connection.execute("SELECT count(*) FROM documents WHERE kind = 'job'").fetchone()[0],
                _digest(connection.execute("SELECT * FROM documents ORDER BY sequence")))


def job_rows(database):
    """Digest of all columns of the jobs."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        return _digest(connection.execute("SELECT * FROM documents WHERE kind = 'job' ORDER BY sequence"))


def _digest(rows):
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return digest.hexdigest()


# What is asked.

class Questions:
    """To a service that runs, by the client programs of one version."""

    def __init__(self, programs, folder):
        self.programs, self.folder = programs, folder

    def program(self, service, *words):
        """What `batchai WORDS` prints. The shell takes the secrets from `local env`, not from a command line."""
        script = 'eval "$("$0" local env --data-dir "$1")" && shift && exec "$0" "$@"'
        done = subprocess.run(["bash", "-c", script, self.programs / "batchai", service.data, *words],
                              env={**os.environ, "HOME": str(self.folder)}, stdout=subprocess.PIPE, check=True)
        return done.stdout

    def answer(self, service, path):
        """Head and body of the answer to a GET, by curl."""
        if service.client.token is None:
            service.client.sign_in()
        head = self.folder / "head"
        head.touch(mode=0o600)
        head.write_text(f"Authorization: Bearer {service.client.token}\n")
        endpoints = service.client.endpoints
        done = subprocess.run(["curl", "--silent", "--include", "--cacert", endpoints["caBundle"], "--header",
                               f"@{head}", endpoints["managementEndpoint"] + path], stdout=subprocess.PIPE, check=True)
        lines, body = done.stdout.split(b"\r\n\r\n", 1)
        return b"\n".join(line for line in lines.split(b"\r\n") if not PASSING_HEADER.match(line)) + b"\n\n" + body

    def all(self, service):
        """Answers by question."""
        listed = self.program(service, "job", "list", "-g", GROUP, "-w", "w", "-e", "e")
        return self.quick(service) | {LIST: _lasting(listed, service)}

    def quick(self, service):
        """All but the list of all jobs."""
        in_workspace = ["-g", GROUP, "-w", "w"]
        commands = [["job", "list", *in_workspace, "-e", "other"], ["cluster", "list", *in_workspace],
                    ["cluster", "show", *in_workspace, "-n", "nodes"],
                    ["experiment", "list", *in_workspace], ["list-usages", "-l", "eastus"], ["group", "list"]]
        commands += [["job", "show", *in_workspace, "-e", "e", "-n", kind + name]
                     for kind in COMMANDS for name in ("-a", "-copy-0", "-copy-7")]
        commands += [["job", "file", "list", *in_workspace, "-e", "e", "-j", "fails-a"]]
        version = "api-version=2018-05-01"
        paths = [f"{service.experiment()}/jobs?{version}", f"{service.experiment()}/jobs?{version}&maxresults=7",
                 f"{service.job('stops-copy-3')}?{version}", f"{service.cluster('nodes')}?{version}",
                 f"{service.workspace}/clusters?{version}"]
        answers = {" ".join(words): self.program(service, *words) for words in commands}
        answers |= {f"GET {path}": self.answer(service, path) for path in paths}
        return {question: _lasting(answer, service) for question, answer in answers.items()}


def _lasting(answer, service):
    for name in ("managementEndpoint", "filesEndpoint"):
        answer = answer.replace(service.client.endpoints[name].encode(), name.encode())
    return PASSING_FIELD.sub(rb"\1=", answer)


def differences(before, after):
    """A line for each question with two answers."""
    return [f"{question}: byte {_first_difference(before[question], after[question])}"
            for question in after if before[question] != after[question]]


def _first_difference(one, other):
    at = next((place for place, pair in enumerate(zip(one, other)) if pair[0] != pair[1]), min(len(one), len(other)))
    return f"{at}: before {one[max(0, at - 60):at + 60]!r}, after {other[max(0, at - 60):at + 60]!r}"


# The parts.

class Trial:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.questions = Questions(options.new_bin, folder)
        self.problems = []

    def run(self):
        self._old()
        self._migrate()
        for number in range(self.options.kills):
            self._kill(number)
        for problem in self.problems:
            print("  " + problem)
        print(f"differences and failures: {len(self.problems)}")

    def _old(self):
        with Service(self.options.old_bin, self.folder / "old") as service:
            make_old(service, self.options.jobs)
            service.start()
            self.before = self.questions.all(service)
            # Nothing of that changes by itself.
            self.problems += differences(self.before, self.questions.quick(service))
            service.stop()
        self.old = service
        self.old_content = content(self.old.data / "batchai.db")
        print(f"old: schema {self.old_content[0]}, {self.old_content[1]:,} jobs, "
              f"{(self.old.data / 'batchai.db').stat().st_size / 2 ** 20:.0f} MiB; {len(self.before)} questions",
              flush=True)

    def _copy(self, name):
        service = Service(self.options.new_bin, self.folder / name)
        shutil.copytree(self.old.folder, service.folder, symlinks=True)
        return service

    def _migrate(self):
        service = self._copy("new")
        try:
            service.start()
            self.seconds = time.monotonic() - service.started
            print(f"migration: {self.seconds:.2f} s from the start of the program until connections are accepted",
                  flush=True)
            self.problems += differences(self.before, self.questions.all(service))
            self._expect_backup(service)
            service.stop()
            self.new_jobs = job_rows(service.data / "batchai.db")
            measure(self, service)
        finally:
            service.stop()
        shutil.rmtree(service.folder)

    def _expect_backup(self, service):
        backup = service.data / f"batchai.db.schema{self.old_content[0]}.backup"
        if not backup.exists():
            self.problems.append(f"there is no {backup.name}")
        elif content(backup) != self.old_content:
            self.problems.append(f"{backup.name} is not the old database")

    def _kill(self, number):
        seconds = (number + random.random()) / self.options.kills * self.seconds
        service = self._copy(f"killed-{number}")
        try:
            service.execute()
            time.sleep(seconds)
            service.kill()
            found = self._content_after_kill(service)
            service.start()
            again = time.monotonic() - service.started
            self.problems += differences(self.before, self.questions.quick(service))
            self._expect_backup(service)
            service.stop()
            if job_rows(service.data / "batchai.db") != self.new_jobs:
                self.problems.append("the jobs' rows are not those of an undisturbed migration")
        finally:
            service.stop()
        print(f"killed after {seconds:.2f} s: schema {found[0]}; the next start took {again:.2f} s", flush=True)
        shutil.rmtree(service.folder)

    def _content_after_kill(self, service):
        """Of a copy, as a look at the database would clear up its write-ahead log."""
        scratch = self.folder / "scratch"
        scratch.mkdir()
        for file in service.data.glob("batchai.db*"):
            shutil.copy(file, scratch)
        found = content(scratch / "batchai.db")
        shutil.rmtree(scratch)
        if found[0] == self.old_content[0] and found != self.old_content:
            self.problems.append("the database has changed, and its schema has not")
        return found


def measure(trial, service):
    """Figures of the new version on the migrated database."""
    service.start()
    subprocess.run(["curl", "--silent", "--fail", "--output", "/dev/null", "--cacert",
                    service.client.endpoints["caBundle"], service.client.endpoints["managementEndpoint"] + "/healthz"],
                   check=True)
    print(f"start until /healthz is answered: {time.monotonic() - service.started:.3f} s", flush=True)
    time.sleep(2)
    print(f"memory 2 s later: {service.memory():.1f} MiB")
    began = time.monotonic()
    listed = trial.questions.program(service, "job", "list", "-g", GROUP, "-w", "w", "-e", "e")
    print(f"batchai job list: {time.monotonic() - began:.2f} s, {len(json.loads(listed)):,} jobs; "
          f"then {service.memory():.1f} MiB")
    _measure_delete(service)


def _measure_delete(service):
    times, gone = [], threading.Event()

    def ask():
        while not gone.is_set():
            began = time.monotonic()
            service.client.arm("GET", service.job("other-job", "other"))
            times.append(1000 * (time.monotonic() - began))

    service.client.arm("GET", service.experiment())
    asking = threading.Thread(target=ask)
    asking.start()
    began = time.monotonic()
    try:
        service.client.arm("DELETE", service.experiment())
        eventually(lambda: service.client.arm_status("GET", service.experiment())[0] == 404, 600, 0.02)
    finally:
        gone.set()
        asking.join()
    times.sort()
    print(f"delete of the experiment: {time.monotonic() - began:.2f} s; gets of a job of another one meanwhile: "
          f"{len(times):,}, median {times[len(times) // 2]:.1f} ms, 99th percentile "
          f"{times[len(times) * 99 // 100]:.1f} ms, longest {times[-1]:.1f} ms")
    print(f"memory after it: {service.memory():.1f} MiB, ", end="", flush=True)
    time.sleep(10)
    print(f"10 s later {service.memory():.1f} MiB", flush=True)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    with tempfile.TemporaryDirectory(prefix="batchai-migration.", ignore_cleanup_errors=True) as folder:
        trial = Trial(options, pathlib.Path(folder))
        trial.run()
    return 1 if trial.problems else 0


if __name__ == "__main__":
    sys.exit(main())
