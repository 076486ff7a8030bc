#include "server/supervisor/allocation.hpp"
#include "server/supervisor/in_allocation.hpp"
#include "server/supervisor/takeover.hpp"
#include "server/supervisor/try_containers.hpp"

#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

int usage() {
  std::cerr << "usage: batchai-supervisor RUN_FOLDER < PLAN\n"
               "       batchai-supervisor --script SCRIPT RUN_FOLDER SUPERVISOR\n"
               "       batchai-supervisor --process RUN_FOLDER PROCESS\n"
               "       batchai-supervisor --note-node RUN_FOLDER\n"
               "       batchai-supervisor --try-containers CONFIGURATION STORAGE RUN RUNS\n"
               "Runs one plan for batchai-server, on this machine or, with options, in a job of Slurm; not meant to be "
               "called by hand.\n";
  return 2;
}

int run(const std::vector<std::string>& words) {
  using namespace batchai::server;
  if (words.size() == 1) {
    return supervise(words[0]);
  }
  if (words.size() == 4 && words[0] == "--script") {
    return supervise_in_allocation(words[2]);
  }
  // Jobs that wait since an older service has submitted them.
  if (words.size() == 2 && words[0] == "--allocation") {
    return supervise_in_allocation(words[1]);
  }
  if (words.size() == 2 && words[0] == "--note-node") {
    note_node(words[1]);
    return 0;
  }
  if (words.size() == 5 && words[0] == "--try-containers") {
    return try_containers({.configuration = words[1], .storage = words[2], .run = words[3]}, words[4]);
  }
  if (words.size() == 3 && words[0] == "--process") {
    return run_process(words[1], words[2]);
  }
  return usage();
}

}  // namespace

int main(int count, char** arguments) {
  try {
    return run({arguments + 1, arguments + count});
  } catch (const std::exception& error) {
    std::cerr << "batchai-supervisor: " << error.what() << '\n';
    return 1;
  }
}
