"""Rows of figures, their growth with the number of jobs, and the table in Markdown."""
import math
import subprocess
import sys

ALONE = 0


class Row:
    """One thing that is measured, at some numbers of waiting jobs; ALONE is a service without any, or a figure that
    does not depend on them."""

    def __init__(self, name, unit, peer="", aim="", reached=None, rate=False):
        """`reached(row)` says whether the aim was; a `rate` is better when it is higher."""
        self.name, self.unit, self.peer, self.aim, self.reached, self.rate = name, unit, peer, aim, reached, rate
        self.figures = {}
        self.peers = {}
        # Why there is no figure.
        self.failures = {}

    def add(self, size, figure, peer=None):
        self.figures[size] = figure
        if peer:
            self.peers[size] = peer

    def ratio(self, size):
        return self.figures[size] / self.peers[size] if size in self.peers and size in self.figures else None

    def last(self):
        """Figure at the largest number of jobs."""
        return self.figures[max(self.figures)]

    def exponent(self):
        """Of the cost over the number of jobs: 0 does not grow, 1 grows as the number does. None below two sizes."""
        points = [(math.log(size), (-1 if self.rate else 1) * math.log(figure))
                  for size, figure in self.figures.items() if size > ALONE and figure > 0]
        if len(points) < 2:
            return None
        middle_x = sum(x for x, _ in points) / len(points)
        middle_y = sum(y for _, y in points) / len(points)
        return (sum((x - middle_x) * (y - middle_y) for x, y in points) /
                sum((x - middle_x) ** 2 for x, _ in points))

    def verdict(self):
        if self.failures:
            return f"**not measured: {'; '.join(sorted(set(self.failures.values())))}**"
        if not self.reached or not self.figures:
            return ""
        reached = self.reached(self)
        return "" if reached is None else "reached" if reached else "**not reached**"


def at_most(ratio):
    """For Row: whether the ratio to the peer, of a figure that stands alone, is that or less; not said without one."""
    return lambda row: row.ratio(ALONE) <= ratio if row.ratio(ALONE) is not None else None


def at_least(ratio):
    return lambda row: row.ratio(ALONE) >= ratio if row.ratio(ALONE) is not None else None


def attempt(rows, size, measure):
    """Calls measure(). If that fails, the rows say so, and the others are measured all the same."""
    try:
        measure()
    except (TimeoutError, RuntimeError, OSError, subprocess.CalledProcessError) as error:
        print(f"   failed: {error}", file=sys.stderr)
        for row in rows:
            if size not in row.figures:
                row.failures[size] = str(error).splitlines()[0][:80]


def number(value):
    """Three digits."""
    if value == 0:
        return "0"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - math.floor(math.log10(value)))}f}" if value >= 0.01 else f"{value:.1g}"


def ratio_text(value):
    """Two digits."""
    if value >= 10 or value == 0:
        return f"{value:,.0f} ×"
    return f"{value:.{max(1, 1 - math.floor(math.log10(value)))}f} ×"


def _cell(row, size):
    if size not in row.figures:
        return ""
    ratio = row.ratio(size)
    return number(row.figures[size]) + (f" ({ratio_text(ratio)})" if ratio is not None else "")


def markdown(rows, sizes):
    """A cell is the figure, and in brackets its ratio to the peer's in the same run."""
    head = ["what", "alone"] + [f"{size:,}" for size in sizes] + ["exponent", "peer", "aim", ""]
    lines = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(sizes) + 2) + "|---" * 3 + "|"]
    for row in rows:
        exponent = row.exponent()
        cells = [f"{row.name}, {row.unit}"] + [_cell(row, size) for size in [ALONE] + sizes]
        cells += ["" if exponent is None else f"{exponent:.2f}", row.peer, row.aim, row.verdict()]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
