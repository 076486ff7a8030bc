#!/usr/bin/env bash
# From a bare clone on Debian 12 to a trained model: installs what is missing, builds, starts the service on this
# machine, trains a small convolutional network on handwritten digits as a Batch AI job, downloads the model, and stops
# what it started. Everything it makes lies below build/. A second run builds nothing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/cmake/prepare.sh"

work=$root/build/quickstart
group=batchaiquickstart share=batchaiquickstart folder=mnistcntksample
workspace=quickstart cluster=nc6 experiment=mnist job=cntk

install_packages build run
[ -f "$root/build/release/build.ninja" ] || configure release
build release batchai_installation
PATH=$root/build/release/bin:$PATH

# Nothing of the caller's own configuration takes part, and a run does not meet the leftovers of another one.
unset "${!AZURE_@}" "${!BATCHAI_@}"
rm -rf "$work"
mkdir -p "$work"
export BATCHAI_CONFIG_DIR=$work/config

stop_service() {
  batchai job terminate -g $group -w $workspace -e $experiment -n $job -y >/dev/null 2>&1 || true
  batchai local stop >/dev/null 2>&1 || true
}
run() {
  printf '\n$ batchai' && printf ' %q' "$@" && printf '\n'
  batchai "$@"
}

# The job names a container as the original walkthrough does, and runs on the node itself: that image is large, made for
# GPUs, and not to be had without a network.
say "starting the service"
trap 'status=$?; stop_service; exit $status' EXIT
trap 'exit 130' INT TERM
batchai local start --management-port 0 --files-port 0 --containers host
eval "$(batchai local env)"

say "signing in as the service principal that the service made at its first start"
printf '%s' "$AZURE_CLIENT_SECRET" |
  batchai login --service-principal -u "$AZURE_CLIENT_ID" -p - -t "$AZURE_TENANT_ID" -o none
account=$AZURE_STORAGE_ACCOUNT

say "preparing the data: the digits in CNTK's text format"
/usr/bin/python3 "$here/make_mnist.py" "$work/data"

run provider register -n Microsoft.BatchAI -o table
run group create -n $group -l eastus -o table
run files share create -n $share -o none
run files directory create $share/$folder -o none
run files upload "$work/data/Train-28x28_cntk_text.txt" "$work/data/Test-28x28_cntk_text.txt" \
  "$here/ConvNet_MNIST.py" $share/$folder -o none

run workspace create -g $group -n $workspace -o table
# The administrator of the node gets a password that nobody knows, from a file: it is on no command line.
(
  umask 077
  printf '{"properties": {"userAccountSettings": {"adminUserName": "demo", "adminUserPassword": "%s"}}}\n' \
    "$(head -c 18 /dev/urandom | base64)" >"$work/cluster.json"
)
run cluster create -g $group -w $workspace -n $cluster -f "$work/cluster.json" --vm-size STANDARD_NC6 --target 1 \
  --storage-account-name "$account" --afs-name $share --afs-mount-path azurefileshare -o none
run cluster show -g $group -w $workspace -n $cluster -o table

run experiment create -g $group -w $workspace -n $experiment -o table
run job create -g $group -w $workspace -e $experiment -n $job -c $cluster -f "$here/job.json" -o none
run job show -g $group -w $workspace -e $experiment -n $job -o table

printf '\n$ batchai job file stream … -f stdout.txt\n'
batchai job file stream -g $group -w $workspace -e $experiment -j $job -f stdout.txt | tee "$work/stdout.txt"
run job wait -g $group -w $workspace -e $experiment -n $job
run job file list -g $group -w $workspace -e $experiment -j $job -o table
printf '\n$ batchai job file stream … -f execution.log\n'
batchai job file stream -g $group -w $workspace -e $experiment -j $job -f execution.log
run job file list -g $group -w $workspace -e $experiment -j $job -d MODEL -o table
run job file download -g $group -w $workspace -e $experiment -j $job -d MODEL --destination "$work/model"

run job delete -g $group -w $workspace -e $experiment -n $job -y
run cluster delete -g $group -w $workspace -n $cluster -y
run group delete -n $group -y
batchai local stop

accuracy=$(sed -n 's/^Test accuracy: //p' "$work/stdout.txt" | tail -n 1)
[ -n "$accuracy" ] || die "the job printed no test accuracy"
say "Test accuracy: $accuracy"
say "The model is in $work/model"
awk -v accuracy="$accuracy" 'BEGIN { exit !(accuracy >= 0.95) }' ||
  die "the test accuracy $accuracy is below 0.95"
