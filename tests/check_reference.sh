#!/usr/bin/env bash
# Builds the pages about the library's public headers with Doxygen, and checks that each function, class and enumeration
# has a comment, that comments name parameters that there are, and that each class says what threads may do with it.
# Members of structs need a comment only where their name does not say everything.
#
#   check_reference.sh [OUTPUT_FOLDER]
#
# Exit status 77: Doxygen is not installed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v doxygen >/dev/null || {
  echo "skipped: there is no doxygen (see [reference] in cmake/debian-packages.txt)" >&2
  exit 77
}
output=${1:-}
if [ -z "$output" ]; then
  output=$(mktemp -d)
  trap 'rm -rf "$output"' EXIT
fi
mkdir -p "$output"
version=$(sed -n 's/^#define BATCHAI_VERSION "\(.*\)"/\1/p' include/batchai/version.hpp)
warnings=$({ cat cmake/Doxyfile; printf 'PROJECT_NUMBER = %s\nOUTPUT_DIRECTORY = "%s"\n' "$version" "$output"; } |
  doxygen - 2>&1 | grep -v '(variable) of .* is not documented' || true)

silent=$(find include/batchai -name '*.hpp' -print0 | sort -z | xargs -0 awk '
  FNR == 1 { comment = "" }
  /^ *\/\/\// { comment = comment $0; next }
  /^ *template </ { next }
  /^ *class [A-Za-z]+.*\{ *$/ && !/ : public [A-Za-z]*(Error|Exchange) / && comment !~ /[Tt]hread/ {
    print FILENAME ":" FNR ": the comment does not say what threads may do with it:" $0
  }
  { comment = "" }')
[ -z "$warnings$silent" ] || {
  printf '%s\n' "$warnings" "$silent" | sed '/^$/d' >&2
  exit 1
}
echo "$output/html/index.html"
