#!/usr/bin/env bash
# Measures the real programs and prints a table in Markdown, each figure with its ratio to a peer that is measured in
# the same run. Works in a temporary folder, on free ports, as any user, and leaves nothing behind. See
# docs/performance.md.
#
#   tests/bench/run.sh [--bin DIR] [--sizes 100,1000] [--sweep 1000] [--quick] [--only WORD,…] [--output FILE]
#                      [--into PAGE]
#
# --bin DIR      the built programs; without it packages are installed and build/release is built first
# --sizes LIST   numbers of waiting jobs that are measured with; the whole: 100,1000,10000,100000
# --sweep N      jobs of the sweep, 0 for none; the whole: 10000
# --quick        shorter measurements, a small sweep, few followers: about two minutes
# --only LIST    only these parts: sizes, ended, processes, uploads, sweep, followers, inside,
#                commands, transfers
# --output FILE  also writes the table there
# --into PAGE    also puts the table into this page, between its marks
#
# With --bin it needs python3, wrk and curl; nginx, Slurm, az, time, rclone and azcopy (on PATH or in build/peers/go/bin,
# where tests/run.sh --with-go-peers puts them) and the benchmarks in build/release/bin for ratios to them, which are
# missing otherwise. Exit status 0: everything was measured, whether or not it reached what is aimed at; 1:
# something could not be.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/cmake/prepare.sh"

bin=
for argument in "$@"; do
  case $argument in
    -h | --help) sed -n '2,24s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --bin | --bin=*) bin=given ;;
  esac
done
if [ -z "$bin" ]; then
  install_packages build bench
  configure release -DBATCHAI_BUILD_BENCHMARKS=ON
  build release
  set -- --bin "$root/build/release/bin" "$@"
fi
for program in python3 wrk curl; do
  command -v "$program" >/dev/null || die "$program is missing: see [bench] in cmake/debian-packages.txt"
done

folder=$(mktemp -d "${TMPDIR:-/tmp}/batchai-bench.XXXXXX")
measuring=
# What measures stops all that it has started when it is told to end.
finish() {
  if [ -n "$measuring" ] && kill -0 "$measuring" 2>/dev/null; then
    kill "$measuring"
    wait "$measuring" || true
  fi
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 python3 -P -m whole --folder "$folder" "$@" &
measuring=$!
status=0
wait "$measuring" || status=$?
exit "$status"
