#include "server/run/job_programs.hpp"

#include "core/joined.hpp"
#include "core/shell_quote.hpp"

#include <algorithm>

namespace batchai::server {

namespace {

constexpr const char* kSshHead = R"sh(#!/bin/sh
# Leads to the nodes of the job without a password, and elsewhere as the real ssh.
)sh";

constexpr const char* kSsh = R"sh(here=$(cd "$(dirname "$0")" && pwd)
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
if [ -z "$host" ] || ! set_variables "$host"; then
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

constexpr const char* kMpiRankHead = R"sh(#!/bin/bash
# mpi-rank COMMAND: keeps the exit code of the first rank that fails.
)sh";

constexpr const char* kMpiRank = R"sh(cd "$AZ_BATCHAI_JOB_TEMP" || exit
if [ -r ~/.bashrc ]; then . ~/.bashrc; fi
/bin/bash -c "$1"
code=$?
if [ "$code" -ne 0 ]; then (set -C; echo "$code" > "$(dirname "$0")/../mpi/exit-code") 2> /dev/null; fi
exit "$code"
)sh";

}  // namespace

RunFile ssh_program(const std::filesystem::path& folder, const std::vector<ReachableNode>& nodes,
                    const std::string& reach) {
  return {folder / "ssh", kSshHead + variables_by_host(nodes) + kSsh + reach, true};
}

RunFile mpi_launcher(const std::filesystem::path& folder) { return {folder / "mpi-launch", kMpiLaunch, true}; }

RunFile mpi_rank(const std::filesystem::path& folder, const std::string& preamble) {
  return {folder / "mpi-rank", kMpiRankHead + preamble + kMpiRank, true};
}

std::string variables_of_node(const ProgramNode& node, const std::vector<ProgramNode>& all) {
  const auto differs = [&](const auto& variable) {
    return std::ranges::any_of(all, [&](const ProgramNode& other) {
      const auto found = other.environment.find(variable.first);
      return found == other.environment.end() || found->second != variable.second;
    });
  };
  std::string text;
  for (const auto& variable : node.environment) {
    if (differs(variable)) {
      text += "export " + variable.first + "=" + shell_quote(variable.second) + "\n";
    }
  }
  return text;
}

std::string variables_by_host(const std::vector<ReachableNode>& nodes) {
  std::string text = "set_variables() {\ncase $1 in\n";
  for (const auto& node : nodes) {
    text += joined(node.hosts, "|", shell_quote) + ")\n" + node.variables + ";;\n";
  }
  return text + "*) return 1 ;;\nesac\n}\n";
}

std::string mpi_launch_command(int count, const std::string& command, const std::filesystem::path& folder) {
  return shell_quote((folder / "mpi-launch").string()) + " " + std::to_string(count) + " " + shell_quote(command);
}

}  // namespace batchai::server
