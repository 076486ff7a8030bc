#pragma once

#include "batchai/files/transfer_options.hpp"
#include "cli/app/waiting/progress.hpp"

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace batchai::cli {

/// `0.4 s`, `12 s`.
std::string seconds_text(double seconds);

/// How far a transfer is: bytes, files, rate, time left. Not thread-safe.
class TransferProgressLine {
 public:
  TransferProgressLine(const Context& context, std::string doing);

  /// Shows at most one state a second where lines are not rewritten, ten where they are.
  void show(const files::TransferProgress& state);
  void clear() { progress_.reset(); }

 private:
  struct Sample {
    std::chrono::steady_clock::time_point time;
    std::uint64_t bytes;
  };

  /// Bytes a second over the last seconds.
  double rate(const files::TransferProgress& state, std::chrono::steady_clock::time_point now);

  const Context& context_;
  std::optional<Progress> progress_;
  std::deque<Sample> samples_;
};

/// `12.0 MiB of 24.0 MiB, 3 of 10 files, 4.0 MiB/s, 0:03 left`, and shorter ones for narrow terminals: the time left
/// stays longest. No rate below one byte a second.
std::vector<std::string> transfer_state_texts(const files::TransferProgress& state, double rate);

}  // namespace batchai::cli
