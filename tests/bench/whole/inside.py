"""Figures of the Google Benchmark programs, for the same table."""
import json
import subprocess

from .peers import BENCHMARKS, Missing
from .table import Row

STORE = {"put": ("store: put of a job", "bare_put"), "get": ("store: get of a job", "bare_get"),
         "list_page": ("store: page of 100 jobs", "bare_list_page"), "count_kind": ("store: count of jobs", None)}
SCHEDULING = {"idle_pass": "scheduler: pass without a change", "submission": "scheduler: job submitted, and the pass",
              "next_job": "scheduler: job ended, next one started",
              "autoscale_pass": "scheduler: pass of an autoscaled cluster"}
SCALE = {"ns": 1e-3, "us": 1, "ms": 1e3, "s": 1e6}


def rows(_options):
    return ([Row(name, "µs", "bare SQLite" if peer else "") for name, peer in STORE.values()] +
            [Row(name, "µs", "put of bare SQLite") for name in SCHEDULING.values()])


def measure(options, *all_rows):
    try:
        store, scheduling = _run("bench_store", options), _run("bench_scheduling", options)
    except Missing as missing:
        for row in all_rows:
            row.peer = f"{missing} (not built)"
        return
    for row, (name, (_, peer)) in zip(all_rows, STORE.items()):
        _fill(row, store, name, store, peer)
    for row, name in zip(all_rows[len(STORE):], SCHEDULING):
        _fill(row, scheduling, name, store, "bare_put")


def _fill(row, figures, name, peers, peer):
    for (benchmark, size), figure in sorted(figures.items()):
        if benchmark == name:
            row.add(size, figure, peers.get((peer, size)))


def _run(program, options):
    """Microseconds by benchmark and number of jobs."""
    if not (BENCHMARKS / program).exists():
        raise Missing(program)
    sizes = "|".join(map(str, options.sizes))
    done = subprocess.run([BENCHMARKS / program, f"--benchmark_filter=/({sizes})(/|$)", "--benchmark_format=json",
                           f"--benchmark_min_time={0.1 if options.quick else 0.5}"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True)
    found = json.loads(done.stdout or '{"benchmarks": []}')["benchmarks"]
    names = [each["name"].split("/") for each in found]
    return {(name, int(size)): each["real_time"] * SCALE[each["time_unit"]]
            for (name, size, *_), each in zip(names, found) if each["run_type"] == "iteration"}
