#!/usr/bin/env bash
# Checks formatting (clang-format) and a few strict clang-tidy rules over all C++ files. The findings of clang-tidy are
# kept per file content under build/style, so that only what changed is looked at again.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/cmake/prepare.sh"
cd "$root"

mapfile -t files < <(find include src tests examples -name '*.cpp' -o -name '*.hpp' | sort)
say "checking the format of ${#files[@]} files"
clang-format --dry-run --Werror "${files[@]}"

# Headers that a compiler has made into its own precompiled form are of no use to clang.
say "checking with clang-tidy"
cmake --preset debug -B build/style -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON >/dev/null
mkdir -p build/style/tidy
headers=$(cat .clang-tidy $(find include src -name '*.hpp' | sort) | sha256sum | cut -c1-16)

tidy() {
  local stamp
  stamp=build/style/tidy/$(cat "$1" - <<<"$2 $1" | sha256sum | cut -c1-32)
  [ -e "$stamp" ] && return 0
  clang-tidy --quiet --extra-arg=-Wno-unknown-warning-option -p build/style "$1" 2>/dev/null && touch "$stamp"
}
export -f tidy
find src -name '*.cpp' | sort | xargs -P "$(nproc)" -I{} bash -c 'tidy "$1" "$2"' tidy {} "$headers"
