#!/usr/bin/env bash
# The four short programs of examples/library, built from the installed package, against a local service.
. "$(dirname "$0")/support.sh"

install_to "$prefix"
install_to "$prefix" --component static
build_example
programs=$work/example/build
cd "$work"

# says TEXT COMMAND...: it ends with 0, and one of the lines that it prints is TEXT.
says() {
  local text=$1
  shift
  "$@" >"$work/output" 2>&1 || { cat "$work/output" >&2; fail "$1 ended with an error"; }
  grep -qxF "$text" "$work/output" || { cat "$work/output" >&2; fail "$1 does not say '$text'"; }
}

unset "${!AZURE_@}" "${!BATCHAI_@}"
says passed "$programs/offline_test"

start_service
export HOME=$work/home PATH=$prefix/bin:$PATH
mkdir "$HOME"
quietly "the group" batchai group create -n demo -l eastus
quietly "the share" batchai files share create demo
quietly "the workspace" batchai workspace create -g demo -n ws
quietly "the cluster" batchai cluster create -g demo -w ws -n c -s STANDARD_NC6 -t 1 -u demo --generate-ssh-keys \
  --storage-account-name "$AZURE_STORAGE_ACCOUNT" --afs-name demo --afs-mount-path afs
quietly "the experiment" batchai experiment create -g demo -w ws -n e

printf 'pear\napple\n' >words
says apple "$programs/sort_words" words result
[ "$(cat result/sorted.txt)" = $'apple\npear' ] || fail "sort_words does not download the sorted file"
"$programs/resume" submit token || fail "resume does not submit"
says "resumed succeeded" "$programs/resume" wait token
says "49 of 50 jobs succeeded" "$programs/fifty_jobs"
