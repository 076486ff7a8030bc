"""See run.sh."""
import argparse
import datetime
import os
import pathlib
import platform
import signal
import subprocess
import sys

from . import command_line, ended, followers, inside, processes, sweep, transfers, uploads
from .sizes import Sizes
from .table import ALONE, attempt, markdown

BEGIN, END = "<!-- figures -->", "<!-- end of the figures -->"
PARTS = {"ended": ended, "processes": processes, "uploads": uploads, "sweep": sweep, "followers": followers,
         "inside": inside, "commands": command_line, "transfers": transfers}


def parse():
    parser = argparse.ArgumentParser(prog="run.sh", add_help=False)
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--bin", type=pathlib.Path)
    parser.add_argument("--sizes", type=lambda text: sorted(int(size) for size in text.split(",")), default=[100, 1000])
    parser.add_argument("--sweep", type=int, default=None)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", type=lambda text: text.split(","), default=["sizes", *PARTS])
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--into", type=pathlib.Path)
    options = parser.parse_args()
    if options.sweep is None:
        options.sweep = 400 if options.quick else 1000
    options.patience = 10 if options.quick else 60
    if not (options.bin / "batchai-server").exists():
        parser.error(f"there is no batchai-server in {options.bin}: --bin names the folder of the built programs")
    if not {"sizes", *PARTS}.issuperset(options.only):
        parser.error(f"--only takes sizes, {', '.join(PARTS)}")
    if min(options.sizes) < 10 or options.sweep < 0:
        parser.error("--sizes takes numbers from 10 on, --sweep from 0 on")
    if options.into and BEGIN not in options.into.read_text():
        parser.error(f"{options.into} has no line {BEGIN}")
    options.bin = options.bin.resolve()
    return options


def machine():
    models = [line.partition(":")[2].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    memory = next(int(line.split()[1]) for line in open("/proc/meminfo")) / 1024 ** 2
    return f"{os.cpu_count()} × {models[0] if models else 'CPU'}, {memory:.0f} GiB, Linux {platform.release()}"


def version(options):
    done = subprocess.run([options.bin / "batchai-server", "--version"], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def measure(options):
    rows = []
    if "sizes" in options.only:
        sizes = Sizes(options)
        for size in [ALONE] + options.sizes:
            print(f"== {size:,} waiting jobs", file=sys.stderr)
            sizes.run(size)
        rows += sizes.rows()
    for name, part in PARTS.items():
        if name in options.only and (name != "sweep" or options.sweep):
            print(f"== {name}", file=sys.stderr)
            part_rows = part.rows(options)
            attempt(part_rows, ALONE, lambda part=part, part_rows=part_rows: part.measure(options, *part_rows))
            rows += part_rows
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
    return 1 if any(row.failures for row in rows) else 0


sys.exit(main())
