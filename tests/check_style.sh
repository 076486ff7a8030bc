#!/usr/bin/env bash
# Checks the format of all C++ files (clang-format), the includes between modules, and a few strict clang-tidy rules over
# the sources. What clang-tidy has passed is remembered by content under build/style, so that only what changed is looked at again.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/prepare.sh"
cd "$root"

mapfile -t files < <(find include src tests examples -name '*.cpp' -o -name '*.hpp' | sort)
say "checking the format of ${#files[@]} files"
clang-format --dry-run --Werror "${files[@]}"

say "checking that modules include only what they declare"
tests/check_includes.sh
tests/check_structure.sh
tests/check_reference.sh >/dev/null || [ $? -eq 77 ]

# clang cannot read the headers that g++ has precompiled.
cmake --preset debug -B build/style -DBATCHAI_TOGETHER=ON -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null
mkdir -p build/style/passed
headers=$(cat .clang-tidy $(find include src -name '*.hpp' | sort) | sha256sum)
mapfile -t units < <(sed -n 's/^ *"file": "\(.*\)",\{0,1\}$/\1/p' build/style/compile_commands.json | grep -v '/tests/')

# tidy UNIT HEADERS: one file that the compiler is given, on its own or with the others of its module.
tidy() {
  local sources stamp
  mapfile -t sources < <(sed -n 's/^#include "\(.*\.cpp\)"$/\1/p' "$1")
  stamp=build/style/passed/$({ echo "$2"; cat "${sources[@]:-$1}"; } | sha256sum | cut -c1-32)
  [ -e "$stamp" ] && return 0
  clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p build/style "$1" 2>/dev/null && touch "$stamp"
}
export -f tidy
say "checking ${#units[@]} compilation units with clang-tidy"
printf '%s\n' "${units[@]}" | xargs -P "$(nproc)" -I{} bash -c 'tidy "$@"' tidy {} "$headers"
