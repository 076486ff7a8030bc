#!/usr/bin/env bash
# pkg-config gives everything that a program needs, with either kind of library.
. "$(dirname "$0")/support.sh"

install_to "$prefix"
install_to "$prefix" --component shared
install_to "$prefix" --component static
export PKG_CONFIG_PATH=$prefix/$LIBDIR/pkgconfig
cat >"$work/program.cpp" <<'CPP'
#include <batchai/batchai.hpp>

#include <iostream>

int main() {
  const batchai::Client client{std::make_shared<batchai::StaticTokenCredential>(batchai::Secret("none")), "subscription"};
  try {
    std::cout << client.workspaces().get("group", "not a name").name;
  } catch (const batchai::InvalidArgument& error) {
    std::cout << error.what() << '\n';
  }
}
CPP

# build PROGRAM FLAG...: everything but the flags from pkg-config is the same.
build() {
  local program=$1
  shift
  # shellcheck disable=SC2086
  quietly "building $program" "$CXX" $CXXFLAGS -std=c++20 "$work/program.cpp" -o "$work/$program" "$@"
}
# speaks PROGRAM: it runs, and an error of the library can be caught in it.
speaks() { "$work/$1" | grep -q "not a name" || fail "$1 does not say what is wrong"; }

needs_library() { readelf -d "$work/$1" | grep -q 'NEEDED.*libbatchai'; }

# Both kinds are installed.
# shellcheck disable=SC2046
build shared $(pkg-config --cflags --libs batchai)
needs_library shared || fail "batchai.pc does not take the shared library"
LD_LIBRARY_PATH=$prefix/$LIBDIR speaks shared
# shellcheck disable=SC2046
build static $(pkg-config --cflags --libs batchai-static)
needs_library static && fail "batchai-static.pc takes the shared library"
speaks static

# The static one alone.
rm "$prefix/$LIBDIR"/libbatchai.so*
# shellcheck disable=SC2046
build alone $(pkg-config --static --cflags --libs batchai)
speaks alone
