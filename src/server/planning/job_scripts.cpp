#include "server/planning/job_scripts.hpp"

#include "core/shell_quote.hpp"

namespace batchai::server {

namespace {

constexpr const char* kSsh = R"sh(#!/bin/sh
# Nodes of the job are slots of this machine: leads there without a password, and elsewhere as the real ssh.
here=$(cd "$(dirname "$0")" && pwd)
words=0
takes_value=
host=
for word in "$@"; do
  words=$((words + 1))
  if [ -n "$takes_value" ]; then takes_value=; continue; fi
  case $word in
    -[BbcDEeFIiJLlmOopQRSWw]) takes_value=1 ;;
    -*) ;;
    *) host=${word#*@}; break ;;
  esac
done
if [ -z "$host" ] || [ ! -r "$here/nodes/$host" ]; then
  IFS=:
  for folder in $PATH; do
    if [ "$folder" != "$here" ] && [ -x "$folder/ssh" ]; then exec "$folder/ssh" "$@"; fi
  done
  echo "ssh: only the nodes of this job can be reached, as ssh itself is not installed" >&2
  exit 127
fi
shift "$words"
while [ $# -gt 0 ]; do
  case $1 in
    -[BbcDEeFIiJLlmOopQRSWw]) shift; [ $# -eq 0 ] || shift ;;
    -*) shift ;;
    *) break ;;
  esac
done
. "$here/nodes/$host"
# A folder for each daemon of OpenMPI: they fall over each other when they make a common one. Not to be set for mpirun,
# which would pass its own on to all of them.
export OMPI_MCA_orte_tmpdir_base="$here/../mpi/$host"
cd "$HOME" || exit
if [ $# -eq 0 ]; then exec /bin/bash; fi
exec /bin/bash -c "$*"
)sh";

constexpr const char* kMpiLaunch = R"sh(#!/bin/bash
# mpi-launch COUNT COMMAND
here=$(dirname "$0")
if ! command -v mpirun > /dev/null; then
  echo "mpirun: command not found; the node or the job preparation has to provide an MPI runtime" >&2
  exit 127
fi
mpirun -n "$1" --hostfile "$AZ_BATCHAI_MPI_HOST_FILE" /bin/bash "$here/mpi-rank" "$2"
code=$?
# When its daemons end before they have reported, mpirun has a code of its own.
if [ "$code" -ne 0 ] && [ -s "$here/../mpi/exit-code" ]; then read -r code < "$here/../mpi/exit-code"; fi
exit "$code"
)sh";

constexpr const char* kMpiRank = R"sh(#!/bin/bash
# mpi-rank COMMAND: keeps the exit code of the first rank that fails.
cd "$AZ_BATCHAI_JOB_TEMP" || exit
if [ -r ~/.bashrc ]; then . ~/.bashrc; fi
/bin/bash -c "$1"
code=$?
if [ "$code" -ne 0 ]; then (set -C; echo "$code" > "$(dirname "$0")/../mpi/exit-code") 2> /dev/null; fi
exit "$code"
)sh";

/// Shell source that sets what is not the same on all nodes.
std::string node_file(const Variables& node, const std::vector<Variables>& all) {
  std::string text;
  for (const auto& [name, value] : node) {
    for (const auto& other : all) {
      const auto found = other.find(name);
      if (found == other.end() || found->second != value) {
        text += "export " + name + "=" + shell_quote(value) + "\n";
        break;
      }
    }
  }
  return text;
}

}  // namespace

std::vector<RunFile> JobPrograms::files(const std::vector<JobNode>& nodes,
                                        const std::vector<Variables>& environments) const {
  std::vector<RunFile> result{
      {folder / "ssh", kSsh, true}, {folder / "mpi-launch", kMpiLaunch, true}, {folder / "mpi-rank", kMpiRank, true}};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    result.push_back({folder / "nodes" / nodes[i].address, node_file(environments.at(i), environments)});
  }
  return result;
}

}  // namespace batchai::server
