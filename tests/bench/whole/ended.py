"""What may grow with the number of jobs that are stored and have ended."""
import sys

from . import peers
from .copy_rows import copy_jobs
from .figures import ends, starts
from .service import ENDED, Service, eventually, manual
from .table import ALONE, Row, attempt


def rows(_options):
    return [Row("memory after the start, jobs ended", "MiB", "the same without jobs", "≤ 60 MiB",
                lambda row: row.last() <= 60),
            Row("start to the first answered get, jobs ended", "s", "without jobs", "≤ 0.5 s",
                lambda row: row.last() <= 0.5),
            Row("end of a job noticed, others ended", "ms", "child of a shell", "≤ 20 ms",
                lambda row: row.last() <= 20)]


def measure(options, *all_rows):
    for size in [ALONE] + options.sizes:
        print(f"   {size}", file=sys.stderr)
        attempt(all_rows, size, lambda size=size: _measure(options, size, *all_rows))


def _measure(options, size, memory, start, end):
    with Service(options.bin, options.folder / f"ended-{size}") as service:
        service.prepare()
        service.make_cluster("one", manual(1))
        for name in ("template-a", "template-b"):
            service.submit(name, "one", "true")
            eventually(lambda: service.job_state(name) in ENDED, 60)
        if size > ALONE:
            service.stop()
            copy_jobs(service.data / "batchai.db", size - 2)
            service.start()
        seconds, mebibytes, _ = starts(service, service.job("template-a"))
        start.add(size, seconds, start.figures.get(ALONE))
        memory.add(size, mebibytes, memory.figures.get(ALONE))
        end.add(size, ends(service, 5 if options.quick else 11), 1000 * peers.child_end_seconds())
