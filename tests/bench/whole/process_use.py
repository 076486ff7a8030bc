"""CPU time and wake-ups of processes, from /proc."""
import os
import pathlib


class Use:
    """What some processes have used up to the moment it was made."""

    def __init__(self, processes):
        self.cpu = 0.0
        self.wakeups = 0
        for process in processes:
            fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            self.cpu += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            for status in pathlib.Path(f"/proc/{process}/task").glob("*/status"):
                self.wakeups += _voluntary_switches(status)


def _voluntary_switches(status):
    try:
        text = status.read_text()
    except OSError:  # the thread has just ended
        return 0
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("voluntary_ctxt_switches"))
