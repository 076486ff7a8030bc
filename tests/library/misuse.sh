#!/usr/bin/env bash
# Each file in misuse/ is refused by the compiler with the error that its first line names, and compiles with RIGHT
# defined, so that nothing but the misuse is what is refused. Where compilers have different words, a " | " is between.
#
#   misuse.sh COMPILER INCLUDE_FOLDER
set -euo pipefail
export LC_ALL=C
compiler=$1
include=$2
failed=0

complain() {
  printf '%s\n' "$1" >&2
  failed=1
}

compiles() {
  "$compiler" -std=c++20 -fsyntax-only -Wall -Wextra -Werror -I"$include" "$@" 2>&1
}

for misuse in "$(dirname "${BASH_SOURCE[0]}")"/misuse/*.cpp; do
  expected=$(sed -n '1s,^// error: ,,p' "$misuse")
  [ -n "$expected" ] || complain "$misuse: its first line names no error"
  said=$(compiles -DRIGHT "$misuse") || complain "$misuse: does not compile with RIGHT defined:"$'\n'"$said"
  if said=$(compiles "$misuse"); then
    complain "$misuse: compiles, which it should not"
  elif ! grep -qF -- "${expected// | /$'\n'}" <<<"$said"; then
    complain "$misuse: is refused, but not with '$expected':"$'\n'"$said"
  fi
done
exit "$failed"
