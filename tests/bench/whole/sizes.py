"""What may grow with the number of waiting jobs."""
import contextlib
import statistics
import sys
import time

from . import peers
from .figures import ends, starts
from .load import EMPTY, fill, gets, submit
from .process_use import Use
from .service import ENDED, Service, auto_scale, eventually, manual
from .table import ALONE, Row, attempt

class Sizes:
    """Fills a service anew for each number of jobs, and adds to the rows."""

    def __init__(self, options):
        self.options = options
        self.seconds = 1 if options.quick else 2
        self.submissions = Row("submissions, 16 clients", "1/s", "SQLite, commits of 2 KB",
                               "≥ 1 ×, ≤ 1.2 × slower than alone", _submissions_reached, rate=True)
        self.get = Row("get of one job, 8 clients", "1/s", "nginx, same size", "≥ 12,000/s",
                       lambda row: row.last() >= 12_000, rate=True)
        self.list = Row("list pages of 100, 8 clients", "1/s", "nginx, same size", "≥ 2,500/s",
                        lambda row: row.last() >= 2500, rate=True)
        self.start = Row("start to the first answered get", "s", "nginx", "≤ 0.5 s", lambda row: row.last() <= 0.5)
        self.memory = Row("memory after the start", "MiB", "the same without jobs", "≤ 60 MiB",
                          lambda row: row.last() <= 60)
        self.end = Row("end of a job noticed", "ms", "child of a shell", "≤ 20 ms", lambda row: row.last() <= 20)
        self.terminate = Row("terminate of a waiting job", "ms", "one SQLite commit")
        self.scale = Row("autoscale: first node of a job there", "ms", "one SQLite commit")
        self.remove = Row("delete of an experiment with all jobs", "s", "SQLite, the same rows")
        self.cpu = Row("CPU while idle", "ms/s", "nginx", "0", lambda row: row.last() < 1)
        self.wakeups = Row("wake-ups while idle", "1/s", "nginx", "≤ 1/s", lambda row: row.last() <= 1)
        self.nginx = None

    def rows(self):
        return [self.submissions, self.get, self.list, self.memory, self.start, self.end, self.terminate, self.scale,
                self.remove, self.cpu, self.wakeups]

    def run(self, size):
        """Measures with `size` waiting jobs; ALONE: with none."""
        attempt(self.rows(), size, lambda: self._run(size))

    def _run(self, size):
        folder = self.options.folder / f"size-{size}"
        with contextlib.ExitStack() as stack:
            service = stack.enter_context(Service(self.options.bin, folder))
            service.prepare()
            service.make_cluster(EMPTY, manual(0))
            service.make_cluster("one", manual(1))
            for number in range(3):
                service.make_cluster(f"auto{number}", auto_scale(1))
            eventually(lambda: service.idle_nodes("one") == 1, 60)
            if size > ALONE:
                fill(service, size, self.options.patience)
            self._try_nginx(stack, service, folder)
            commit = 1000 / peers.sqlite_commits(folder, self.seconds / 2)
            for part, rows in self._parts(size):
                print(f"   {size}: {part.__name__[1:]}", file=sys.stderr)
                attempt(rows, size, lambda: part(service, size, commit))

    def _parts(self, size):
        """What is measured, in this order, and the rows it is for: the first ones leave the number of jobs as it is."""
        parts = [(self._start, [self.start, self.memory]), (self._idle, [self.cpu, self.wakeups]),
                 (self._end, [self.end]), (self._terminate, [self.terminate]), (self._scale, [self.scale]),
                 (self._submit, [self.submissions])]
        if size > ALONE:
            parts.insert(2, (self._gets, [self.get, self.list]))
            parts.append((self._remove, [self.remove]))
        return parts

    def _try_nginx(self, stack, service, folder):
        try:
            self.nginx = stack.enter_context(peers.Nginx(folder, service))
        except peers.Missing as missing:
            self.nginx = None
            for row in (self.get, self.list, self.start, self.cpu, self.wakeups):
                row.peer = f"{missing} (not installed)"

    def _start(self, service, size, _commit):
        path = service.job("template-a") if size > ALONE else service.experiment()
        seconds, mebibytes, nginx = starts(service, path, self.nginx)
        self.start.add(size, seconds, nginx)
        self.memory.add(size, mebibytes, self.memory.figures.get(ALONE))

    def _idle(self, service, size, _commit):
        """After the start has settled."""
        seconds = 3 if self.options.quick else 10
        time.sleep(2)
        watched = [[service.process.pid]] + ([self.nginx.processes()] if self.nginx else [])
        before = [Use(processes) for processes in watched]
        time.sleep(seconds)
        after = [Use(processes) for processes in watched]
        cpu = [1000 * (new.cpu - old.cpu) / seconds for old, new in zip(before, after)]
        wakeups = [(new.wakeups - old.wakeups) / seconds for old, new in zip(before, after)]
        self.cpu.add(size, *cpu)
        self.wakeups.add(size, *wakeups)

    def _gets(self, service, size, _commit):
        for row, path in ((self.get, service.job("template-a") + "?api-version=2018-05-01"),
                          (self.list, service.experiment() + "/jobs?api-version=2018-05-01&maxresults=100")):
            _, content = service.client.send("GET", path, headers={"Authorization": "Bearer " + service.client.token})
            row.add(size, *in_turn(lambda _: gets(service, path, 8, self.seconds),
                                   self.nginx and (lambda _: self.nginx.gets(content, 8, self.seconds))))

    def _end(self, service, size, _commit):
        self.end.add(size, ends(service, 5 if self.options.quick else 11), 1000 * peers.child_end_seconds())

    def _terminate(self, service, size, commit):
        times = []
        for number in range(5 if self.options.quick else 11):
            name = f"terminate-{number}"
            service.submit(name, EMPTY, "true")
            time.sleep(0.05)
            began = time.monotonic()
            service.client.arm("POST", service.job(name) + "/terminate")
            eventually(lambda: service.job_state(name) in ENDED, 120)
            times.append(1000 * (time.monotonic() - began))
        self.terminate.add(size, statistics.median(times), commit)

    def _scale(self, service, size, commit):
        times = []
        for number in range(3):
            began = time.monotonic()
            service.submit(f"scale-{number}", f"auto{number}", "sleep 1")
            cluster = service.cluster(f"auto{number}")
            eventually(lambda: service.client.arm("GET", cluster)["properties"]["currentNodeCount"] == 1, 120)
            times.append(1000 * (time.monotonic() - began))
        for number in range(3):
            eventually(lambda: service.job_state(f"scale-{number}") in ENDED, 120, 0.02)
        self.scale.add(size, statistics.median(times), commit)

    def _submit(self, service, size, _commit):
        count, seconds = self._more(size) // 3, 2 if self.options.quick else 5
        self.submissions.add(size, *in_turn(lambda turn: submit(service, f"measured-{turn}", count, seconds),
                                            lambda _: peers.sqlite_commits(service.folder, self.seconds)))

    def _remove(self, service, size, _commit):
        limit = 60 if self.options.quick else 600
        began = time.monotonic()
        service.client.arm("DELETE", service.experiment())
        eventually(lambda: service.client.arm_status("GET", service.experiment())[0] == 404, limit, 0.002)
        self.remove.add(size, time.monotonic() - began, peers.sqlite_deletes(service.folder, size + self._more(size)))

    def _more(self, size):
        """Jobs that are submitted to measure submissions."""
        return max(1200 if self.options.quick else 3000, size // 5)


def in_turn(mine, peer):
    """Medians of three measurements of both, in turn, as the machine may be busier now than then. None for no peer."""
    figures = [(mine(turn), peer(turn) if peer else None) for turn in range(3)]
    peers_median = statistics.median(other for _, other in figures) if peer else None
    return statistics.median(figure for figure, _ in figures), peers_median


def _submissions_reached(row):
    few = row.figures.get(ALONE)
    return row.ratio(max(row.figures)) >= 1 and (few is None or few / row.last() <= 1.2)
