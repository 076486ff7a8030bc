#include "server/program/server_options.hpp"
#include "server/program/service.hpp"

#include <csignal>
#include <exception>
#include <iostream>

namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;

/// Blocked in all threads, so that wait_for_stop() alone sees them.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A reader of our output who goes away must not take the service along.
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

void wait_for_stop(const sigset_t& signals) {
  int signal = 0;
  while (sigwait(&signals, &signal) != 0) {
  }
}

int fail(const std::exception& error, int code) {
  std::cerr << "batchai-server: " << error.what() << '\n';
  return code;
}

}  // namespace

int main(int count, char** words) {
  try {
    const auto options = batchai::server::read_server_options(count, words);
    if (!options) {
      return 0;
    }
    const sigset_t signals = block_stop_signals();
    batchai::server::Service service(*options);
    service.start();
    std::cout << "ready management=" << service.management_url() << " files=" << service.files_url() << std::endl;
    wait_for_stop(signals);
    service.stop();
    return 0;
  } catch (const batchai::server::UsageError& error) {
    return fail(error, kUsage);
  } catch (const std::exception& error) {
    return fail(error, kFailed);
  }
}
