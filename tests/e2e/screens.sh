#!/bin/bash
# Writes a page of what commands print, from a real run. Times and paths are made alike, so that two runs give the same
# page.
# tests/e2e/screens.sh PROGRAMS >docs/screens.md
set -eu
programs=$(readlink -f "$1")
work=$(mktemp -d)
for name in $(compgen -e | grep -E '^(AZURE|BATCHAI)_' || true); do unset "$name"; done
export HOME=$work/home BATCHAI_CONFIG_DIR=$work/config PATH=$programs:$PATH COLUMNS=110 LC_ALL=C.UTF-8
mkdir -p "$HOME" "$work/here"
cd "$work/here"
finish() {
  batchai local stop -o none >/dev/null 2>&1 || true
  cd /
  rm -rf "$work"
}
trap finish EXIT

# Moments and durations are those of the run; the shown ones are always the same. What is drawn over is left out.
alike() {
  sed -E -e 's/.*\x1b\[K//' -e 's/\x1b\[[0-9;]*m//g' -e 's/\r//g' \
    -e '/^job state: (queued|running)/d' -e 's/[0-9]+s ago/now/g' -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?(Z|\+00:00)/2026-11-29T12:00:00.000Z/g' \
    -e 's/after [0-9]+:[0-9]{2}:[0-9]{2}/after 0:00:01/g' -e "s|$work|/home/me|g"
}

# The command and all that it prints, on a terminal.
screen() {
  echo '```console'
  echo "\$ $1"
  script -qec "stty cols 110; $1" /dev/null </dev/null | alike
  echo '```'
}

batchai local start --management-port 0 --files-port 0 --containers refuse -o none
cat >train.py <<'PY'
import os, sys
for epoch in range(int(sys.argv[2])):
    print("epoch", epoch + 1)
with open(os.environ["AZ_BATCHAI_OUTPUT_MODEL"] + "/model.bin", "w") as model:
    model.write("weights")
PY
printf 'echo loading\necho "train.sh: no data in $1" >&2\nexit 3\n' >train.sh

cat <<'END'
# What commands print

On a terminal. `tests/e2e/screens.sh` makes this page from a real run; do not edit it.

## A script, from nothing but a service

END
screen "batchai run train.py -n first -- --epochs 3"
printf '\nThe second time everything is there.\n\n'
screen "batchai run train.py -n second -- --epochs 1"
printf '\n## A job that fails\n\n'
screen "batchai run train.sh -n broken -- data; echo \"exit code \$?\""
# Whether these programs have the command.
has() { batchai "$@" --no-such-option 2>&1 | grep -q -e --no-such-option; }

if has job describe; then
  printf '\n## A job that waits\n\n'
  batchai run --no-wait -n large --nodes 3 -c nc6 -o none -- true 2>/dev/null
  screen "batchai job show -g batchai -w run -e run -n large -o table"
fi
if has job list -A; then
  printf '\n## All jobs\n\n'
  screen "batchai job list -A"
fi
if has status; then
  printf '\n## Everything at once\n\n'
  screen "batchai status"
fi
