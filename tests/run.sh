#!/usr/bin/env bash
# Runs all tests from a bare clone: installs the Debian packages, builds, checks the style, runs ctest.
#
#   tests/run.sh [--preset release|debug|asan|tsan|coverage] [-R REGEX] [--no-style] [--with-peers]
#                [--with-go-peers] [--with-slurm]
#
# --with-peers also installs the other programs that the project is tried against, packages of npm and PyPI in
# build/peers, podman, and Doxygen; without them those tests are reported as skipped.
# --with-go-peers also builds rclone and azcopy in build/peers/go, from their Go modules: minutes of work, once. It takes
# the go that is there, from 1.19 on, or installs Debian's.
# --with-slurm also installs Slurm, of which the tests start a cluster of their own.
# Exit status 0: everything passed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/prepare.sh"

preset=release
regex=
style=yes
peers=
go_peers=
slurm=
while [ $# -gt 0 ]; do
  case $1 in
    --preset) preset=${2:?--preset needs a name}; shift 2 ;;
    -R) regex=${2:?-R needs a regular expression}; shift 2 ;;
    --no-style) style=no; shift ;;
    --with-peers) peers="peers containers reference"; shift ;;
    --with-go-peers) go_peers=yes; shift ;;
    --with-slurm) slurm=slurm; shift ;;
    -h | --help) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) printf 'run.sh: unknown option %s (see --help)\n' "$1" >&2; exit 2 ;;
  esac
done

# What tests/peers/package-lock.json names, unless it is there already.
install_npm_packages() {
  local from=$root/tests/peers to=$root/build/peers
  if cmp -s "$from/package-lock.json" "$to/installed.json"; then
    return 0
  fi
  say "installing npm packages in build/peers"
  rm -rf "$to/node_modules"
  mkdir -p "$to"
  cp "$from/package.json" "$from/package-lock.json" "$to"
  (cd "$to" && npm ci --no-audit --no-fund --ignore-scripts >&2)
  cp "$from/package-lock.json" "$to/installed.json"
}

# What tests/peers/requirements.txt names, unless it is there already.
install_pypi_packages() {
  local from=$root/tests/peers/requirements.txt to=$root/build/peers/python
  if cmp -s "$from" "$to/installed.txt"; then
    return 0
  fi
  say "installing PyPI packages in build/peers/python"
  rm -rf "$to"
  /usr/bin/python3 -m venv "$to"
  "$to/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r "$from" >&2
  cp "$from" "$to/installed.txt"
}

# find_go: names a go that is installed, if there is one.
find_go() { PATH=$PATH:/usr/local/go/bin command -v go; }

# The programs whose versions tests/peers/go fixes, unless they are there already.
build_go_peers() {
  local from=$root/tests/peers/go to=$root/build/peers/go go
  if "$from/versions.sh" | cmp -s - "$to/built.txt"; then
    return 0
  fi
  go=$(find_go) || { install_packages go; go=$(find_go); }
  say "building rclone and azcopy in build/peers/go with $("$go" version)"
  (
    export CGO_ENABLED=0 GOFLAGS="-mod=readonly -buildvcs=false"
    cd "$from/rclone" && nice "$go" build -o "$to/bin/rclone" .
    cd "$from/azcopy" && nice "$go" build -o "$to/bin/azcopy" github.com/Azure/azure-storage-azcopy/v10
  ) >&2
  "$from/versions.sh" >"$to/built.txt"
}

install_packages build run test $peers $slurm
if [ -n "$peers" ]; then
  command -v node >/dev/null && command -v npm >/dev/null || install_packages node
  install_npm_packages
  install_pypi_packages
fi
if [ -n "$go_peers" ]; then
  build_go_peers
fi
if [ "$style" = yes ] && [ -z "$regex" ]; then
  "$root/tests/check_style.sh"
fi
configure "$preset" -DBATCHAI_BUILD_TESTS=ON
build "$preset"
say "running the tests of build/$preset"
cd "$root/build/$preset"
exec ctest --output-on-failure -j "$(nproc)" ${regex:+-R "$regex"}
