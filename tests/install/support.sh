# Sourced by the tests of this folder, which CTest gives BUILD, SOURCE, CMAKE, CXX, CXXFLAGS and LIBDIR.
set -euo pipefail
work=$(mktemp -d)
prefix=$work/prefix
trap 'status=$?; finish; rm -rf "$work"; exit $status' EXIT

finish() { :; }  # for tests that have more to clean up
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# quietly WHAT COMMAND...: shows the command's output only if it fails.
quietly() {
  local what=$1
  shift
  "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "$what"; }
}

# install_to PREFIX [OPTION...]
install_to() {
  quietly "the installation" "$CMAKE" --install "$BUILD" --prefix "$@"
}

# build_example: examples/library, away from the sources, against $prefix; leaves $work/example/build/quickstart.
build_example() {
  cp -r "$SOURCE/examples/library" "$work/example"
  quietly "configuring the example" "$CMAKE" -S "$work/example" -B "$work/example/build" \
    -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$CXX"
  quietly "building the example" "$CMAKE" --build "$work/example/build"
}

# start_service: the installed one, with its variables in the environment.
start_service() {
  unset "${!AZURE_@}" "${!BATCHAI_@}"
  export BATCHAI_CONFIG_DIR=$work/config
  finish() { "$prefix/bin/batchai" local stop -o none || true; }
  quietly "starting the service" "$prefix/bin/batchai" local start --management-port 0 --files-port 0
  eval "$("$prefix/bin/batchai" local env)"
}

# run_example: on the installed service, with few digits. The model has to arrive.
run_example() {
  start_service
  quietly "preparing the data" /usr/bin/python3 "$SOURCE/examples/quickstart/make_mnist.py" "$work/digits"
  mkdir "$work/data"
  for name in Train Test; do
    head -n 64 "$work/digits/$name-28x28_cntk_text.txt" >"$work/data/$name-28x28_cntk_text.txt"
  done
  cp "$SOURCE/examples/quickstart/ConvNet_MNIST.py" "$work/data"

  "$work/example/build/quickstart" "$work/data" "$work/model" | tee "$work/output" ||
    { "$prefix/bin/batchai" local logs >&2; fail "the example ended with an error"; }
  grep -q '^Test accuracy: ' "$work/output" || fail "the example did not print what the job said"
  /usr/bin/python3 - "$work/model/ConvNet_MNIST.npz" <<'PY' || fail "the downloaded model cannot be read"
import sys, numpy
assert numpy.load(sys.argv[1]).files
PY
  [ "$("$prefix/bin/batchai" group exists -n batchaiquickstart)" = false ] || fail "the example left its group behind"
}
