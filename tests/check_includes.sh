#!/usr/bin/env bash
# check_includes.sh [ROOT]: every #include "module/…" under src/ and include/ has to be of a module that the file's own
# module declares in its CMakeLists.txt (batchai_module), directly or through the PUBLIC ones of those. Prints each
# include that is not, and then ends with 1.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/module_declarations.sh"
cd "${1:-$here/..}"

{ declarations; grep -rnoE '^#include "[^"]+' src include --include='*.?pp'; } | awk '
  function module_of(path,   m) {  # the longest declared name that the path begins with
    if (path ~ /batchai\/version\.hpp$/) return ""  # macros, for all
    sub(/^(src|include\/batchai)\//, "", path)
    if (path ~ /^batchai\/.*\//) sub(/^batchai\//, "", path)  # a public header of another module
    for (m = path; sub(/\/[^\/]*$/, "", m);) if (m in known) return m
    return ""
  }
  function allow(from, to,   next_one) {  # what `to` declares as PUBLIC comes with it
    if ((from, to) in allowed) return
    allowed[from, to] = 1
    for (next_one in known) if ((to, next_one) in public) allow(from, next_one)
  }
  !/#include/ {
    known[$1] = 1; direct[$1, $2] = 1
    if ($3 == "PUBLIC") public[$1, $2] = 1
    next
  }
  {
    split($0, part, /:#include "|:/)
    file = part[1]; line = part[2]; included = substr($0, index($0, "\"") + 1)
    from = module_of(file); to = module_of(included)
    if (from == "" || to == "") next
    if (!(from in spread)) {
      spread[from] = 1
      for (m in known) if ((from, m) in direct) allow(from, m)
    }
    if (!((from, to) in allowed)) {
      print file ":" line ": " from " includes " included " and does not declare " to; wrong = 1
    }
  }
  END { exit wrong }'
