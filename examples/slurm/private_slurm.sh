#!/bin/bash
# private_slurm.sh DIR CPUS CONTROLLER_PORT NODE_PORT…
# A Slurm cluster of its own on this machine, with munge, as any user: nodes n1, n2, … of so many CPUs, one for each port. Runs
# in the foreground; prints "ready" and the configuration file (SLURM_CONF), and ends with everything at SIGTERM or at
# the end of its input. SLURM_EXTRA holds more lines for slurm.conf, NODE_EXTRA more words for the nodes.
set -u
dir=$(realpath -m "$1") cpus=$2 controller_port=$3
shift 3
user=$(id -un)
mkdir -p "$dir"/{state,log,spool,munge}
chmod 755 "$dir" "$dir/munge"
nodes=$#
node_lines=
for ((i = 1; i <= nodes; i++)); do
  mkdir -p "$dir/tmp/n$i" "$dir/spool/n$i"
  chmod 1777 "$dir/tmp/n$i"
  node_lines+="NodeName=n$i NodeHostname=localhost NodeAddr=127.0.1.$i Port=${!i} CPUs=$cpus RealMemory=2000 ${NODE_EXTRA:-}"$'\n'
done
cat > "$dir/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$controller_port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket,cred_expire=5
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool/%n
SlurmctldPidFile=$dir/state/slurmctld.pid
SlurmdPidFile=$dir/spool/%n.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
TmpFS=$dir/tmp/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MinJobAge=3600
ReturnToService=2
KillWait=3
SlurmctldTimeout=10
SlurmdTimeout=30
MailProg=/bin/true
SlurmdParameters=config_overrides
${SLURM_EXTRA:-}
${node_lines}PartitionName=main Nodes=ALL Default=YES State=UP
CONF
export SLURM_CONF="$dir/slurm.conf"
# Otherwise slurmd wants to find out which kind of control groups the machine has, and there may be none in a container.
echo CgroupPlugin=cgroup/v1 > "$dir/cgroup.conf"
(umask 077; head -c 128 /dev/urandom > "$dir/munge/key")
# Forced, since the folder may lie in one that is closed to others, as /root is; all that use the socket are this user's.
munged -F --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/munge/pid" \
  --log-file="$dir/munge/log" --seed-file="$dir/munge/seed" > "$dir/log/munged.out" 2>&1 < /dev/null &
munged=$!
until [ -S "$dir/munge/socket" ] || ! kill -0 $munged 2> /dev/null; do sleep 0.02; done
slurmctld -D > "$dir/log/slurmctld.out" 2>&1 < /dev/null &
echo $! > "$dir/state/started"
slurmds=
for ((i = 1; i <= nodes; i++)); do
  slurmd -D -N "n$i" > "$dir/log/slurmd-n$i.out" 2>&1 < /dev/null &
  slurmds+=" $!"
done
all_live() {
  for pid in $munged $(cat "$dir/state/started") $slurmds; do
    kill -0 "$pid" 2> /dev/null || return
  done
}
# Others may have started some anew, so they are found by their files. The order matters: slurmd before slurmctld, or
# one of them stays for minutes.
stop() {
  trap - TERM INT
  timeout 10 scancel --quiet --user="$user" 2> /dev/null
  for ((i = 0; i < 40; i++)); do
    [ -z "$(timeout 5 squeue -h 2> /dev/null)" ] && break
    sleep 0.1
  done
  kill $slurmds $(cat "$dir"/spool/*.pid 2> /dev/null) 2> /dev/null
  wait $slurmds 2> /dev/null
  kill $(cat "$dir/state/slurmctld.pid" "$dir/state/started" 2> /dev/null) 2> /dev/null
  wait $(cat "$dir/state/started") 2> /dev/null
  kill $munged 2> /dev/null
  wait $munged 2> /dev/null
  exit "${1:-0}"
}
trap stop TERM INT
for ((i = 0; ; i++)); do
  if [ "$(timeout 5 sinfo -h -N -t idle 2> /dev/null | wc -l)" = "$nodes" ]; then
    echo "ready $SLURM_CONF"
    break
  fi
  if [ $i -ge 600 ] || ! all_live; then
    echo "private_slurm.sh: the cluster does not start; its daemons said last:" >&2
    tail -n 3 "$dir"/log/*.out >&2
    stop 1
  fi
  sleep 0.05
done
# Until the other end of the input is gone, however that came about.
while read -r -t 1 _ || [ $? -gt 128 ]; do :; done
stop
