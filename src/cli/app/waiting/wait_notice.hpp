#pragma once

#include "batchai/core/clock.hpp"
#include "batchai/core/transport.hpp"
#include "cli/app/context.hpp"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace batchai::cli {

/// How a WaitNotice looks.
struct NoticeStyle {
  /// Rewritten in place each second and gone in the end; else a line that is printed once.
  bool moves = false;
  /// How long nothing is shown.
  std::chrono::milliseconds quiet{3'000};
};

/// While it lives: a line about what is waited for, once that takes long. It has a thread that writes to `io`, so no
/// other thread may do so meanwhile.
class WaitNotice {
 public:
  WaitNotice(Streams& io, std::string what, NoticeStyle style);
  WaitNotice(const WaitNotice&) = delete;
  WaitNotice& operator=(const WaitNotice&) = delete;
  ~WaitNotice();

 private:
  void tell(const std::stop_token& stop);
  void write(std::chrono::seconds elapsed);

  Streams& io_;
  const std::string what_;
  const NoticeStyle style_;
  bool told_ = false;
  std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread teller_;
};

/// Shows on a terminal which answers take long. Only for requests of the thread that made it, and only while no other
/// line is animated: transfers show their own progress.
std::shared_ptr<Transport> with_wait_notices(std::shared_ptr<Transport> next, Streams& io,
                                             const GlobalOptions& options);

/// The same for pauses between two tries.
std::shared_ptr<Clock> with_wait_notices(std::shared_ptr<Clock> next, Streams& io, const GlobalOptions& options);

}  // namespace batchai::cli
