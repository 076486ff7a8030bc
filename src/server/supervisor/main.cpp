#include "server/supervisor/takeover.hpp"

#include <exception>
#include <iostream>

int main(int count, char** arguments) {
  if (count != 2) {
    std::cerr << "usage: batchai-supervisor RUN_FOLDER < PLAN\n"
                 "Runs one plan for batchai-server; not meant to be called by hand.\n";
    return 2;
  }
  try {
    return batchai::server::supervise(arguments[1]);
  } catch (const std::exception& error) {
    std::cerr << "batchai-supervisor: " << error.what() << '\n';
    return 1;
  }
}
