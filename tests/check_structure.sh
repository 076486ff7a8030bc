#!/usr/bin/env bash
# The tables of docs/design/structure.md name every module with what its CMakeLists.txt declares, PRIVATE ones after a
# semicolon; core goes without saying. Prints what differs, and then ends with 1.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/module_declarations.sh"
cd "$here/.."

# "module dependency visibility", as declarations() has them, of the rows `| `module` | a, b; c | … |`.
drawn() {
  awk -F' *[|] *' '$2 ~ /^`[a-z_\/]+`$/ && NF == 5 {
    gsub(/`/, "", $2); print $2, $2, "PUBLIC"
    split($3, part, / *; */)
    for (i = 1; i <= 2; i++)
      for (n = split(part[i], name, /, */); n > 0; n--) if (name[n] != "") print $2, name[n], i == 1 ? "PUBLIC" : "PRIVATE"
  }' docs/design/structure.md
}

diff -U0 --label docs/design/structure.md --label declared <(drawn | grep -v ' core ' | sort -u) <(declarations | grep -v ' core ' | sort -u)
