#!/usr/bin/env bash
# From a bare clone on Debian 12 to jobs on a Slurm cluster: installs what is missing, builds, starts a private Slurm of
# three nodes on this machine and the service on it, trains the quickstart's network there, runs an MPI job on three
# nodes and, where PyTorch is installed, a distributed one on two, says where each rank ran, and stops what it started.
# Everything it makes lies below build/. Works as root and as an ordinary user; who may not install packages is told
# which are missing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$root/cmake/prepare.sh"
quickstart=$root/examples/quickstart

work=$root/build/slurm
group=batchaislurm share=batchaislurm workspace=slurm cluster=three experiment=ranks

install_packages build run slurm
[ -f "$root/build/release/build.ninja" ] || configure release
build release batchai_installation
PATH=$root/build/release/bin:$PATH:/usr/sbin

# Nothing of the caller's own configuration takes part, and a run does not meet the leftovers of another one.
unset "${!AZURE_@}" "${!BATCHAI_@}" "${!SLURM_@}"
rm -rf "$work"
mkdir -p "$work"
export BATCHAI_CONFIG_DIR=$work/config

stop_all() {
  batchai local stop >/dev/null 2>&1 || true
  if [ -n "${slurm_pid:-}" ]; then
    kill "$slurm_pid" 2>/dev/null || true
    wait "$slurm_pid" 2>/dev/null || true
  fi
}
run() {
  printf '\n$ batchai' && printf ' %q' "$@" && printf '\n'
  batchai "$@"
}
of_job() { printf '%s\n' -g $group -w $workspace -e $experiment "$@"; }
free_ports() {
  /usr/bin/python3 -c 'import socket, sys
listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(int(sys.argv[1]))]
print(*(listener.getsockname()[1] for listener in listeners))' "$1"
}

# submit JOB FILE: runs it to its end and shows what it printed.
submit() {
  local job=$1 file=$2 code=0
  run job create $(of_job -n "$job") -c $cluster -f "$file" --wait -o none || code=$?
  printf '\n$ batchai job file stream … -j %s\n' "$job"
  batchai job file stream $(of_job -j "$job") -f "${3:-stdout.txt}" | tee "$work/$job.txt"
  if [ $code -ne 0 ]; then
    batchai job show $(of_job -n "$job") -o json >&2
    batchai job file stream $(of_job -j "$job") -f "stderr${3:+-0}.txt" >&2 || true
    die "job $job failed"
  fi
}

say "starting a private Slurm cluster of three nodes"
trap 'status=$?; stop_all; exit $status' EXIT
trap 'exit 130' INT TERM
# Its standard input is open for as long as this script lives, however that ends.
mkfifo "$work/alive"
read -r -a ports <<<"$(free_ports 4)"
"$here/private_slurm.sh" "$work/cluster" 4 "${ports[@]}" <"$work/alive" >"$work/cluster.txt" &
slurm_pid=$!
exec 9>"$work/alive"
until grep -q '^ready' "$work/cluster.txt"; do
  kill -0 $slurm_pid 2>/dev/null || die "Slurm did not start; its logs are in $work/cluster/log"
  sleep 0.1
done
export SLURM_CONF=$work/cluster/slurm.conf
sinfo -N

say "starting the service on it"
printf '{"slurm": {"config": "%s"}}\n' "$SLURM_CONF" >"$work/settings.json"
# The quickstart's job names a container, and runs on its node itself, as in the quickstart.
batchai local start --engine slurm --config "$work/settings.json" --containers host \
  --management-port 0 --files-port 0 9>&-
eval "$(batchai local env)"
account=$AZURE_STORAGE_ACCOUNT

say "preparing data, scripts and a cluster of three nodes"
/usr/bin/python3 "$quickstart/make_mnist.py" "$work/data"
run group create -n $group -l eastus -o none
run files share create -n $share -o none
run files directory create $share/mnistcntksample -o none
run files directory create $share/scripts -o none
run files upload "$work/data/Train-28x28_cntk_text.txt" "$work/data/Test-28x28_cntk_text.txt" \
  "$quickstart/ConvNet_MNIST.py" $share/mnistcntksample -o none
run files upload "$here/allreduce_mpi.py" "$here/allreduce_torch.py" $share/scripts -o none
run workspace create -g $group -n $workspace -o none
# The administrator of the nodes gets a password that nobody knows, from a file: it is on no command line.
(
  umask 077
  printf '{"properties": {"userAccountSettings": {"adminUserName": "demo", "adminUserPassword": "%s"}}}\n' \
    "$(head -c 18 /dev/urandom | base64)" >"$work/cluster.json"
)
run cluster create -g $group -w $workspace -n $cluster -f "$work/cluster.json" --vm-size STANDARD_NC6 --target 3 \
  --storage-account-name "$account" --afs-name $share --afs-mount-path azurefileshare -o none
run experiment create -g $group -w $workspace -n $experiment -o none

say "an MPI job on three nodes"
submit mpi "$here/mpi.json"

if /usr/bin/python3 -c 'import torch' 2>/dev/null; then
  say "a PyTorch job on two nodes"
  submit torch "$here/torch.json" stdout-0.txt
  batchai job file stream $(of_job -j torch) -f stdout-1.txt
else
  say "PyTorch is not installed (python3-torch): its job is left out"
fi

say "the quickstart's training"
submit cntk "$quickstart/job.json"
run cluster show -g $group -w $workspace -n $cluster -o table
run job list $(of_job) -o table
squeue -t all

run group delete -n $group -y
batchai local stop

ranks=$(grep -c '^rank [0-2] of 3 ran on n[1-3]$' "$work/mpi.txt") || true
[ "$ranks" = 3 ] || die "the MPI job had $ranks ranks in place of 3"
[ "$(sed -n 's/^rank .* ran on //p' "$work/mpi.txt" | sort -u | wc -l)" = 3 ] || die "the ranks were not on three nodes"
accuracy=$(sed -n 's/^Test accuracy: //p' "$work/cntk.txt" | tail -n 1)
awk -v accuracy="${accuracy:-0}" 'BEGIN { exit !(accuracy >= 0.95) }' ||
  die "the test accuracy '$accuracy' is below 0.95"
say "Test accuracy: $accuracy"
