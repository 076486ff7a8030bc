"""Measurements that several parts make."""
import statistics
import time

from .service import ENDED, eventually


def starts(service, path, nginx=None):
    """Starts the service three times anew. Medians of the seconds to the answered GET of `path`, of the MiB in memory
    soon after it, and of the seconds that nginx takes to its first answer; None without one."""
    times, memories, others = [], [], []
    for _ in range(3):
        service.stop()
        service.start()
        service.client.arm("GET", path)
        times.append(time.monotonic() - service.started)
        time.sleep(0.3)
        memories.append(service.memory())
        if nginx:
            nginx.stop()
            others.append(nginx.start())
    return statistics.median(times), statistics.median(memories), statistics.median(others) if nginx else None


def ends(service, count):
    """Median milliseconds from the time that a job's last command writes down to a GET that shows the job's end. Needs
    the cluster `one`."""
    stamp = service.folder / "stamp"
    delays = []
    for number in range(count):
        service.submit(f"end-{number}", "one", f"date +%s%N > {stamp}")
        eventually(lambda: service.job_state(f"end-{number}") in ENDED, 120)
        delays.append(1000 * (time.time() - int(stamp.read_text()) / 1e9))
    return statistics.median(delays)
