#include "batchai/core/transport.hpp"
#include "cli/nodes/ssh.hpp"
#include "cli/program/entry.hpp"
#include "cli/program/interruption.hpp"
#include "transport/trust.hpp"

#include <csignal>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <malloc.h>
#include <unistd.h>

namespace {

/// Buffers for pieces of files are allocated and freed all the time: one heap keeps their memory for the next ones.
/// Memory returned to the system would be cleared page by page each time; with a heap per thread, each would keep some.
/// Small pieces join their neighbours when they are freed: otherwise each large one that is freed would join all that
/// documents have left.
void keep_memory_of_pieces() {
  mallopt(M_MXFAST, 0);
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 128 << 20);
  mallopt(M_ARENA_MAX, 1);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace batchai;
  std::signal(SIGPIPE, SIG_IGN);
  keep_memory_of_pieces();
  const auto out = cli::make_output_stream(STDOUT_FILENO);
  const auto err = cli::make_output_stream(STDERR_FILENO);
  const cli::Environment environment = cli::Environment::of_process();
  if (const auto password = environment.find(cli::kAskpassVariable)) {  // started by ssh, which run_ssh() started
    *out << *password << '\n' << std::flush;
    return 0;
  }
  const bool no_colour = environment.find("NO_COLOR") || environment.get("TERM") == "dumb";
  cli::Streams io = cli::process_streams(*out, *err, no_colour, environment.get("COLUMNS"));
  io.moves_cursor = environment.get("TERM") != "dumb";
  io.size = cli::process_terminal_size;
  io.out_closed = cli::process_output_closed;
  std::error_code unknown;
  cli::Host host{.io = io,
                 .environment = environment,
                 .clock = system_clock(),
                 .make_transport =
                     [](const TransportOptions& options) {
                       leave_out_system_bundle(options.ca_bundle);
                       return make_network_transport(options);
                     },
                 .interruption = cli::interruption_token,
                 .executable = std::filesystem::read_symlink("/proc/self/exe", unknown)};
  return cli::run_batchai({argv + 1, argv + argc}, host);
}
