"""See run.sh."""
import argparse
import datetime
import os
import pathlib
import platform
import signal
import subprocess
import sys

from . import single
from .sizes import Sizes
from .table import ALONE, markdown

BEGIN, END = "<!-- figures -->", "<!-- end of the figures -->"
PARTS = ("sizes", "processes", "uploads", "sweep", "followers")


def parse():
    parser = argparse.ArgumentParser(prog="run.sh", add_help=False)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--bin", type=pathlib.Path)
    parser.add_argument("--sizes", type=lambda text: sorted(int(size) for size in text.split(",")), default=[100, 1000])
    parser.add_argument("--sweep", type=int, default=None)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", type=lambda text: text.split(","), default=PARTS)
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--into", type=pathlib.Path)
    options = parser.parse_args()
    if options.sweep is None:
        options.sweep = 200 if options.quick else 1000
    options.patience = 10 if options.quick else 60
    if not (options.bin / "batchai-server").exists():
        parser.error(f"there is no batchai-server in {options.bin}: --bin names the folder of the built programs")
    if any(part not in PARTS for part in options.only):
        parser.error(f"--only takes {', '.join(PARTS)}")
    options.bin = options.bin.resolve()
    return options


def machine():
    model = next((line.partition(":")[2].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo")) / 1024 ** 2
    return f"{os.cpu_count()} × {model}, {memory:.0f} GiB, Linux {platform.release()}"


def version(options):
    return subprocess.run([options.bin / "batchai-server", "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()


def measure(options):
    rows = []
    if "sizes" in options.only:
        sizes = Sizes(options)
        for size in [ALONE] + options.sizes:
            print(f"== {size:,} waiting jobs", file=sys.stderr)
            sizes.run(size)
        rows += sizes.rows()
    for part in PARTS[1:]:
        if part in options.only and (part != "sweep" or options.sweep):
            print(f"== {part}", file=sys.stderr)
            rows += getattr(single, part)(options)
    return rows


def put_into(page, text):
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{text}{END}{after}")


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = parse()
    given = f"tests/bench/run.sh --sizes {','.join(map(str, options.sizes))} --sweep {options.sweep}"
    begun = datetime.datetime.now(datetime.timezone.utc)
    rows = measure(options)
    text = (f"{begun:%Y-%m-%d}, {machine()}, {version(options)}, `{given}{' --quick' if options.quick else ''}`; load "
            f"average {os.getloadavg()[2]:.1f} over the last 15 minutes.\n\n" + markdown(rows, options.sizes))
    print(text)
    if options.output:
        options.output.write_text(text)
    if options.into:
        put_into(options.into, text)


main()
