#!/usr/bin/env python3
"""What a large Slurm costs the service, by stand-ins for Slurm's commands: 1,000 nodes, and 10,000 jobs that wait there.
Prints the processor time of a look at the queue and the nodes, the memory, and how long reads take meanwhile. See
docs/performance.md."""
import argparse
import os
import pathlib
import statistics
import sys
import tempfile
import time

sys.dont_write_bytecode = True

from whole.service import Service, eventually, manual

COMMANDS = {
    "scontrol": 'echo "Slurmctld(primary) at here is UP"',
    "sbatch": """for word in "$@"; do case $word in --comment=*) comment=${word#--comment=} ;; esac; done
id=$(date +%s%N)
echo "$id|PENDING|$comment|Priority" >> "$here/queue"
echo "$id\"""",
    "squeue": 'echo "$(date +%s.%N)" >> "$here/looks"; exec cat "$here/queue"',
    "sinfo": 'exec cat "$here/nodes"',
    "scancel": "exit 0"}


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="folder of the built programs")
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=20, help="how long to watch")
    options = parser.parse_args()
    options.bin = options.bin.resolve()
    return options


def make_commands(folder, nodes):
    folder.mkdir()
    for name, text in COMMANDS.items():
        (folder / name).write_text(f'#!/bin/sh\nhere={folder}\n{text}\n')
        (folder / name).chmod(0o700)
    (folder / "queue").touch()
    (folder / "nodes").write_text("".join(f"n{i}|main*|allocated|7-00:00:00|32|none\n" for i in range(nodes)))


def processor_time(process):
    """Of the service itself, and of the commands that it has run."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    tick = os.sysconf("SC_CLK_TCK")
    return (int(fields[11]) + int(fields[12])) / tick, (int(fields[13]) + int(fields[14])) / tick


def main():
    options = parse()
    with tempfile.TemporaryDirectory(prefix="batchai-slurm-scale.") as name:
        folder = pathlib.Path(name)
        commands = folder / "commands"
        make_commands(commands, options.nodes)
        config = {"engine": "slurm", "slurm": {"exclusive": False, "cpus": "1", "commands": str(commands)}}
        with Service(options.bin, folder / "service", config) as service:
            service.client.sign_in()
            service.prepare()
            empty = service.memory()
            clusters = -(-options.jobs // 100)
            for number in range(clusters):
                service.make_cluster(f"c{number}", manual(100))
            bodies = [service.job_body(f"c{number}", "true") for number in range(clusters)]
            began = time.monotonic()
            for number in range(options.jobs):
                service.client.arm("PUT", service.job(f"j{number}"), bodies[number % clusters])
            lines = lambda: (commands / "queue").read_bytes().count(b"\n")
            eventually(lambda: lines() >= options.jobs, 1800, 0.5)
            print(f"{options.jobs:,} jobs submitted and handed to Slurm after {time.monotonic() - began:.0f} s; "
                  f"{service.memory():.0f} MiB ({empty:.0f} MiB without jobs)", flush=True)
            waits = lambda: service.client.arm("GET", service.job(f"j{options.jobs - 1}"))["properties"].get("executionInfo")
            eventually(waits, 120, 0.5)
            looks = lambda: (commands / "looks").read_bytes().count(b"\n")
            time.sleep(5)
            own, children = processor_time(service.process)
            first, times = looks(), []
            began = time.monotonic()
            while time.monotonic() < began + options.seconds:
                moment = time.monotonic()
                service.client.arm("GET", service.job("j1"))
                times.append(time.monotonic() - moment)
                time.sleep(0.05)
            count = looks() - first
            own_after, children_after = processor_time(service.process)
            print(f"{count} looks in {options.seconds} s; of each, processor time of the service "
                  f"{(own_after - own) / count * 1000:.0f} ms, of the commands "
                  f"{(children_after - children) / count * 1000:.0f} ms; {service.memory():.0f} MiB\n"
                  f"a job is shown in {statistics.median(times) * 1000:.1f} ms (median), at most "
                  f"{max(times) * 1000:.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
