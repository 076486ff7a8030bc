#!/usr/bin/env bash
# The example, built away from the sources with find_package and the static library, does the quickstart.
. "$(dirname "$0")/support.sh"

install_to "$prefix"
install_to "$prefix" --component static  # where the default installation has the shared kind
build_example
if readelf -d "$work/example/build/quickstart" | grep -q libbatchai; then
  fail "the example is linked with the shared library"
fi
run_example
