#!/usr/bin/env bash
# check_includes.sh over a copy of the headers and sources with one include each that the module does not declare.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# refuses FILE INCLUDED: a fresh copy passes, and does not any more with that include.
refuses() {
  rm -rf "$scratch/src" "$scratch/include"
  cp -r "$here/../src" "$here/../include" "$scratch"
  "$here/check_includes.sh" "$scratch"
  printf '#include "%s"\n' "$2" >>"$scratch/$1"
  if "$here/check_includes.sh" "$scratch" >"$scratch/found"; then
    echo "not found: $1 includes $2" >&2
    exit 1
  fi
  grep -q "^$1:.* includes $2 and does not declare" "$scratch/found"
}

refuses src/core/url.cpp cli/app/context.hpp                           # from the inside out
refuses src/server/supervisor/run.hpp server/records/record.hpp        # a header
refuses src/server/resources/jobs.cpp server/scheduling/reconciler.hpp # a sibling
refuses src/server/files/disk/tree.cpp server/run/engine.hpp           # from a folder inside a module
refuses include/batchai/core/url.hpp batchai/files/filter.hpp          # public headers
