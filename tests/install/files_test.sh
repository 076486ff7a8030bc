#!/usr/bin/env bash
# What an installation holds, that it says nothing about where it was built, and that it can be moved.
. "$(dirname "$0")/support.sh"

install_to "$work/first"
mv "$work/first" "$prefix"
for program in batchai batchai-server batchai-supervisor; do
  [ -x "$prefix/bin/$program" ] || fail "bin/$program is missing"
done
"$prefix/bin/batchai" version >/dev/null || fail "the installed batchai does not start"

diff -r "$SOURCE/docs/man" "$prefix/share/man/man1" || fail "the installed manual pages are not those of docs/man"
for file in bash-completion/completions/batchai zsh/site-functions/_batchai fish/vendor_completions.d/batchai.fish; do
  [ -s "$prefix/share/$file" ] || fail "share/$file is missing"
done
"$prefix/bin/batchai" completion bash | diff - "$prefix/share/bash-completion/completions/batchai" ||
  fail "the installed completion for bash is not the program's own"

diff <(cd "$SOURCE/include" && find batchai -type f | sort) <(cd "$prefix/include" && find . -type f | cut -c3- | sort) ||
  fail "the installed headers are not the public ones"

documents=$prefix/share/doc/batchai
for file in LICENSE README.md docs/library.md examples/library/quickstart.cpp examples/quickstart/run.sh; do
  cmp -s "$SOURCE/$file" "$documents/$file" || fail "$file is not among the installed documents"
done

for folder in "$BUILD" "$SOURCE" "$work/first"; do
  if grep -rF "$folder" "$prefix/$LIBDIR/cmake" "$prefix/$LIBDIR/pkgconfig"; then
    fail "the lines above name $folder"
  fi
done

# find_package VERSION: whether a consumer that wants this version gets the moved package.
find_package() {
  mkdir -p "$work/consumer"
  printf 'cmake_minimum_required(VERSION 3.25)\nproject(consumer LANGUAGES CXX)\nfind_package(batchai %s REQUIRED)\n' "$1" \
    >"$work/consumer/CMakeLists.txt"
  "$CMAKE" -S "$work/consumer" -B "$work/consumer/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$CXX"
}
quietly "find_package(batchai 0.1)" find_package 0.1
if find_package 1.0 >/dev/null 2>&1; then
  fail "find_package(batchai 1.0) took another major version"
fi
