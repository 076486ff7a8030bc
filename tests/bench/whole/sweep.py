"""Short jobs behind one that holds all nodes until the queue is complete."""
from . import peers
from .load import submit
from .service import Service, eventually, manual
from .table import ALONE, Row

NODES = 100


def rows(options):
    return [Row(f"sweep of {options.sweep:,} jobs of 0.1 s on {NODES} nodes", "1/s", "engine alone", rate=True),
            Row("the same: last tenth", "1/s", "first tenth", "≥ 1/1.2 ×", lambda row: row.ratio(ALONE) >= 1 / 1.2,
                rate=True)]


def measure(options, all_jobs, last_tenth):
    with Service(options.bin, options.folder / "sweep") as service:
        service.prepare()
        service.make_cluster("nodes", manual(NODES))
        eventually(lambda: service.idle_nodes("nodes") == NODES, 120, 0.05)
        before = _bare(options, service.folder, all_jobs)
        ends = _run(service, options.sweep)
        after = _bare(options, service.folder, all_jobs)
    all_jobs.add(ALONE, (len(ends) - 1) / (ends[-1] - ends[0]), before and after and (before + after) / 2)
    tenth = len(ends) // 10
    last_tenth.add(ALONE, (tenth - 1) / (ends[-1] - ends[-tenth]), (tenth - 1) / (ends[tenth - 1] - ends[0]))


def _bare(options, folder, row):
    """Before and after the sweep, as the machine may be busier then than now."""
    try:
        return peers.bare_supervisors(options.bin, folder, min(options.sweep, 500), NODES)
    except peers.Missing as missing:
        row.peer = f"{missing} (not built)"
        return None


def _run(service, count):
    """The times, in seconds, that the jobs write down at their ends, in order."""
    ends, release = service.folder / "ends", service.folder / "release"
    ends.touch()
    # Ends, too, when the folder goes away.
    service.submit("hold", "nodes", f"until [ -e {release} ] || [ ! -e {ends} ]; do sleep 0.05; done", nodes=NODES)
    submit(service, "sweep", count, 600, f"sleep 0.1; date +%s%N >> {ends}", "nodes")
    release.touch()
    eventually(lambda: ends.read_bytes().count(b"\n") >= count, 60 + count / 4, 0.1)
    return sorted(int(line) / 1e9 for line in ends.read_text().split())
