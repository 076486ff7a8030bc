#!/bin/sh
# Runs the commands of the README's walk-through as they are written, in a home of its own.
# PROGRAMS: the folder with the programs. README: the file.
set -eu
work=$(mktemp -d)
cleanup() {
  "$PROGRAMS/batchai" local stop -o none >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT
export HOME="$work/home" PATH="$PROGRAMS:$PATH"
unset BATCHAI_CONFIG_DIR XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME
for name in $(env | sed -n 's/^\(\(AZURE\|BATCHAI_DEFAULTS\)_[A-Z_]*\)=.*/\1/p'); do
  unset "$name"
done
mkdir "$HOME"
cd "$work"

# The first block of JSON is the job, and those of the console have the commands behind `$`.
awk '/^```/ { inside = $0 == "```json" && !seen++; next } inside' "$README" >job.json
awk '/^```/ { inside = $0 == "```console"; next }
     inside && (/^\$ / || more) { sub(/^\$ /, ""); print; more = /\\$/ }' "$README" >commands
grep -q 'batchai local stop' commands || { echo "no walk-through in $README"; exit 1; }
sh -eux commands >output 2>messages || { cat messages output; exit 1; }
cat output

[ "$(cat out/sorted.txt)" = "$(printf 'apple\npear')" ]
# What the README shows is what came, but for times.
awk '/^```/ { inside = $0 == "```console"; next } inside && !/^\$ / && !/^job / && !/ago|Created|-------  --------$/' \
  "$README" >shown
while IFS= read -r line; do
  line=$(printf '%s' "$line" | sed 's/11 B/  11/; s/  *$//')
  grep -qxF -- "$line" output || { echo "the README shows, but the commands do not print: $line"; exit 1; }
done <shown
