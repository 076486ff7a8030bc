#!/usr/bin/env bash
# The first program of the README and that of docs/library.md, each copied into a file, run against a local service.
. "$(dirname "$0")/support.sh"

install_to "$prefix"
install_to "$prefix" --component static
rm -f "$prefix/$LIBDIR"/libbatchai.so*
export PKG_CONFIG_PATH=$prefix/$LIBDIR/pkgconfig

for page in README.md docs/library.md; do
  awk '/^```$/ { if (inside) exit } inside; /^```cpp$/ { inside = 1 }' "$SOURCE/$page" >"$work/first.cpp"
  # shellcheck disable=SC2046,SC2086
  quietly "building the first program of $page" "$CXX" $CXXFLAGS -std=c++20 "$work/first.cpp" \
    -o "$work/$(basename "$page").first" $(pkg-config --static --cflags --libs batchai)
done

unset "${!AZURE_@}" "${!BATCHAI_@}"
for first in "$work"/*.first; do
  if "$first" >"$work/output" 2>&1; then
    fail "$(basename "$first") does without credentials"
  fi
  grep -q '^AZURE_SUBSCRIPTION_ID is not set; ' "$work/output" || fail "$(basename "$first"): $(cat "$work/output")"
done

start_service
for first in "$work"/*.first; do
  "$first" >"$work/output" || fail "$(basename "$first") failed"
  grep -q '^ws eastus$' "$work/output" || fail "$(basename "$first") does not list its workspace"
  "$prefix/bin/batchai" workspace show -g group -n ws -o none || fail "$(basename "$first") has not made its workspace"
  "$prefix/bin/batchai" group delete -n group -y -o none
done
