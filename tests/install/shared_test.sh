#!/usr/bin/env bash
# The same with the shared library, which lets out nothing that is not in namespace batchai.
. "$(dirname "$0")/support.sh"

install_to "$prefix"
install_to "$prefix" --component shared
rm -f "$prefix/$LIBDIR/libbatchai.a" "$prefix/$LIBDIR/cmake/batchai/"batchai-static*.cmake
library=$prefix/$LIBDIR/libbatchai.so
readelf -d "$library" | grep -q 'SONAME.*\[libbatchai\.so\.[0-9]*\]' || fail "$library has no SONAME with a version"
foreign=$(nm -D --defined-only "$library" | awk '$3 !~ /^_Z(T[ISV])?NK?[RO]?7batchai/ { print $3 }' | c++filt | head -n 5)
[ -z "$foreign" ] || fail "$library exports what is not ours, as $foreign"

build_example
readelf -d "$work/example/build/quickstart" | grep -q 'NEEDED.*libbatchai\.so' ||
  fail "the example is not linked with the shared library"
run_example
